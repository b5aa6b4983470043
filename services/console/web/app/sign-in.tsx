// Signing in: the first page, and a window over the screen when a session ends in the middle of something.
import { Button, Form, Input, Modal, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { session, signedIn, signedOut } from '../api/session.ts';
import { IS_VILLAGE, signInAs } from '../api/sign-in.ts';
import { frameWords } from '../i18n/frame-words.ts';
import { useWords } from '../i18n/language.ts';
import { LanguageButton } from './language-button.tsx';
import { ProblemNote } from './problem-note.tsx';
import { useStore } from './store.ts';

interface Typed {
  username: string;
  secret: string;
}

function SignInForm({ username }: { username?: string }) {
  const say = useWords(frameWords);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<Typed>();
  const first = useRef<InputRef>(null);
  useEffect(() => first.current?.focus(), []);
  const send = async ({ username: name, secret }: Typed) => {
    setBusy(true);
    try {
      signedIn(await signInAs(name, secret));
    } catch (refused) {
      setError(refused);
      setBusy(false);
      form.resetFields(['secret']);
      form.focusField('secret');
    }
  };
  const known = username === undefined ? undefined : { username };
  const ofFirst = username === undefined ? { ref: first } : {};
  const ofSecret = username === undefined ? {} : { ref: first };
  return (
    <Form form={form} layout="vertical" onFinish={(typed: Typed) => void send(typed)} requiredMark={false} {...(known && { initialValues: known })}>
      <Form.Item name="username" label={say(IS_VILLAGE ? 'name' : 'username')} rules={[{ required: true, message: '' }]}>
        <Input name="username" autoComplete="username" {...ofFirst} />
      </Form.Item>
      <Form.Item name="secret" label={say(IS_VILLAGE ? 'localCode' : 'password')} rules={[{ required: true, message: '' }]}>
        <Input.Password name="password" autoComplete={IS_VILLAGE ? 'one-time-code' : 'current-password'} visibilityToggle={false} {...ofSecret} />
      </Form.Item>
      {error === undefined ? null : <ProblemNote error={error} />}
      <Button type="primary" htmlType="submit" loading={isBusy} block>
        {say('signIn')}
      </Button>
    </Form>
  );
}

export function SignInPage() {
  const say = useWords(frameWords);
  return (
    <main className="sign-in">
      <div className="spread">
        <h1>{say('brand')}</h1>
        <LanguageButton />
      </div>
      <p>{say('signInLead')}</p>
      <SignInForm />
      <p>
        <a href="/">{say('plainPage')}</a>
      </p>
    </main>
  );
}

/** Lies over whatever is on the screen; nothing under it is touched. */
export function SignInAgain() {
  const say = useWords(frameWords);
  const standing = useStore(session);
  if (standing.is !== 'over') return null;
  return (
    <Modal open title={say('signInAgain')} footer={null} closable={false} mask={{ closable: false }} keyboard={false} zIndex={2_000}>
      <p>{say('signInAgainLead')}</p>
      <SignInForm username={standing.officer.username} />
      <Button type="link" onClick={signedOut}>
        {say('signOut')}
      </Button>
    </Modal>
  );
}
