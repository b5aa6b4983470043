// Chapter 5, member: the wiring of mobilization.
import type { App } from '@laba/runtime/http';
import type { Deps, Service } from '@laba/runtime/service';
import { assignOpenDoors } from './roll-call/assign-open-doors.ts';
import { cardRoutes } from './cards/card-routes.ts';
import { checkNumbers } from './numbers/check-numbers.ts';
import { numberRoutes } from './numbers/number-routes.ts';
import { startStandingCheck } from './numbers/start-round.ts';
import { callMembers } from './call-out/call-members.ts';
import { callOut } from './call-out/call-out.ts';
import { closeCalls } from './call-out/close-calls.ts';
import { closeDrillTasks } from './tasks/close-drill-tasks.ts';
import { closeLadders } from './ladder/close-ladders.ts';
import { correctExpected } from './roll-call/correct-expected.ts';
import { doorRoutes } from './roll-call/door-routes.ts';
import { fillSectionsOf } from './sections/fill-sections.ts';
import { forgetJoiner } from './joining/forget-joiner.ts';
import { freezeRollCall } from './roll-call/freeze-roll-call.ts';
import { joinFormRoutes } from './joining/join-form-routes.ts';
import { joinRoutes } from './joining/join-routes.ts';
import { keepSections } from './sections/keep-sections.ts';
import { ladderRoutes } from './ladder/ladder-routes.ts';
import { linkRoutes } from './call-out/link-routes.ts';
import { markByReply } from './roll-call/mark-by-reply.ts';
import { makeTasks } from './tasks/make-tasks.ts';
import { needTask } from './tasks/need-task.ts';
import { rollSheetRoutes } from './roll-call/roll-sheet-routes.ts';
import { tagRoutes } from './roll-call/tag-routes.ts';
import { onLadderReply } from './ladder/on-ladder-reply.ts';
import { musterRoutes } from './roll-call/muster-routes.ts';
import { ownDoorRoutes } from './roll-call/own-door-routes.ts';
import { LadderProof } from './ladder/prove-ladders.ts';
import { personTask } from './tasks/person-task.ts';
import { readReplies } from './call-out/read-reply.ts';
import { PhoneFeed } from './phone/phone-feed.ts';
import { phoneRoutes } from './phone/phone-routes.ts';
import { planSections } from './sections/plan-sections.ts';
import { reachSilent, reachUnheard } from './tasks/reach-unheard.ts';
import { recount } from './roll-call/recount.ts';
import { remindTask } from './tasks/remind-task.ts';
import { rollcallListRoutes } from './roll-call/rollcall-list-routes.ts';
import { rollcallRoutes } from './roll-call/rollcall-routes.ts';
import { mobilizationRoutes } from './call-out/routes.ts';
import { roundPageRoutes } from './rounds/round-page-routes.ts';
import { roundRoutes } from './rounds/round-routes.ts';
import { hearLists, planRounds, startRoundWatch, watchRounds } from './rounds/watch-rounds.ts';
import { runLadders } from './ladder/run-ladders.ts';
import { safetyRoutes } from './sections/safety-routes.ts';
import { sectionRoutes } from './sections/section-routes.ts';
import { taskListRoutes } from './tasks/task-list-routes.ts';
import { taskMoveRoutes } from './tasks/task-move-routes.ts';
import { taskPageRoutes } from './tasks/task-page-routes.ts';
import { taskOwnerRoutes } from './tasks/task-owner-routes.ts';
import { taskPhotoRoutes } from './tasks/task-photo-routes.ts';
import { taskTemplateRoutes } from './tasks/task-template-routes.ts';
import { TASK_TEMPLATE_SET } from './tasks/task-template-set.ts';
import { loadTaskTemplates } from './tasks/task-templates.ts';
import { expectContact } from './status/expect-contact.ts';
import { statusRoutes } from './status/status-routes.ts';
import { watchSafety } from './sections/watch-safety.ts';

export function mobilizationService(deps: Deps): Service {
  const feed = new PhoneFeed(deps);
  const proof = new LadderProof(deps);
  return {
    name: 'mobilization',
    consumers: {
      'mobilization.call-members': (job) => callMembers(deps, job),
      'mobilization.call-out': (job) => callOut(deps, job),
      'mobilization.read-reply': (job) => readReplies(deps, job),
      'mobilization.check-numbers': (job) => checkNumbers(deps, job),
      'mobilization.freeze-roll-call': (job) => freezeRollCall(deps, job),
      'mobilization.assign-doors': (job) => assignOpenDoors(deps, job),
      'mobilization.mark-by-reply': (job) => markByReply(deps, job),
      'mobilization.correct-expected': (job) => correctExpected(deps, job),
      'mobilization.recount': (job) => recount(deps, job),
      'mobilization.run-ladders': (job) => runLadders(deps, job),
      'mobilization.ladder-reply': (job) => onLadderReply(deps, job),
      'mobilization.close-ladders': (job) => closeLadders(deps, job),
      'mobilization.remind-task': (job) => remindTask(deps, job),
      'mobilization.need-task': (job) => needTask(deps, job),
      'mobilization.person-task': (job) => personTask(deps, job),
      'mobilization.reach-unheard': (job) => reachUnheard(deps, job),
      'mobilization.reach-silent': (job) => reachSilent(deps, job),
      'mobilization.expect-contact': (job) => expectContact(deps, job),
      'mobilization.make-tasks': (job) => makeTasks(deps, job),
      'mobilization.plan-sections': (job) => planSections(deps, job),
      'mobilization.keep-sections': (job) => keepSections(deps, job),
      'mobilization.fill-sections': (job) => fillSectionsOf(deps, job),
      'mobilization.watch-safety': (job) => watchSafety(deps, job),
      'mobilization.plan-rounds': () => planRounds(deps),
      'mobilization.watch-rounds': (job) => watchRounds(deps, job),
      'mobilization.forget-joiner': (job) => forgetJoiner(job),
      'mobilization.close-calls': (job) => closeCalls(deps, job),
      'mobilization.close-drill-tasks': (job) => closeDrillTasks(deps, job),
    },
    routes: (app) => {
      mobilizationRoutes(app, deps);
      linkRoutes(app, deps);
      joinRoutes(app, deps);
      joinFormRoutes(app, deps);
      numberRoutes(app, deps);
      phoneRoutes(app, deps, feed);
      ladderRoutes(app, deps);
      rollcallRoutes(app, deps);
      rollcallListRoutes(app, deps);
      sectionRoutes(app, deps);
      safetyRoutes(app, deps);
      taskRoutes(app, deps);
      statusRoutes(app, deps);
      doorTagRoutes(app, deps);
      peaceRoutes(app, deps);
      // Open pages never end by themselves, and the listener waits for every answer to end.
      app.addHook('preClose', () => feed.stop());
    },
    start: async () => {
      await loadTaskTemplates(deps, TASK_TEMPLATE_SET);
      await startStandingCheck(deps);
      await startRoundWatch(deps);
      await feed.start();
      proof.start();
    },
    stop: async () => {
      proof.stop();
      await feed.stop();
    },
    heard: (rows) => hearLists(deps, rows),
    degraded: () => proof.degraded(),
    proofAges: () => ({ ladders: proof.ageMs() }),
  };
}

function taskRoutes(app: App, deps: Deps): void {
  taskListRoutes(app, deps);
  taskMoveRoutes(app, deps);
  taskPageRoutes(app, deps);
  taskOwnerRoutes(app, deps);
  taskPhotoRoutes(app, deps);
  taskTemplateRoutes(app, deps);
}

function doorTagRoutes(app: App, deps: Deps): void {
  doorRoutes(app, deps);
  ownDoorRoutes(app, deps);
  tagRoutes(app, deps);
  rollSheetRoutes(app, deps);
  cardRoutes(app, deps);
  musterRoutes(app, deps);
}

function peaceRoutes(app: App, deps: Deps): void {
  roundRoutes(app, deps);
  roundPageRoutes(app, deps);
}
