// The intake floor in a process of its own: a bare Fastify route with the same schema.
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { HAZARDS } from '@laba/domain/report';
import { answerTo } from './process-talk.ts';

answerTo<object>(async () => {
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const body = z.object({ gridCode: z.string(), hazard: z.enum(Object.keys(HAZARDS) as [string]), text: z.string(), source: z.enum(['telephone', 'api']) });
  app.post('/reports', { schema: { body } }, async (_request, reply) => reply.code(201).send({ id: 'x', number: 'x', state: 'new', mergedInto: null }));
  return { url: `${await app.listen({ port: 0, host: '127.0.0.1' })}/reports` };
});
