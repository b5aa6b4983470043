// Every limit of the house, in one place. Units last in each name.
export const LIMITS = {
  /** Largest HTTP request body, 1 MiB. */
  httpBodyBytes: 1_048_576,
  /** Largest import file, 32 MiB (a county's households as CSV). */
  importBytes: 33_554_432,
  importRows: 500_000,
  importErrorsShown: 200,
  importChangesShown: 500,
  /** Events that one answer of the audit looks through, and the most that one of its files holds. */
  auditLookedThrough: 2_000,
  /** Events among which one statement of the audit searches, and such statements in one answer: a quarter of a million events. */
  auditStretchEvents: 10_000,
  auditStretches: 25,
  /** MQTT bytes a socket may send before it has said who it is. */
  mqttUnauthenticatedBytes: 4_096,
  mqttPacketBytes: 65_536,
  mqttConnectTimeoutMs: 5_000,
  mqttUnauthenticatedSockets: 64,
  mqttUnauthenticatedSocketsPerAddress: 8,
  /** Accepted sockets that wait unread for their turn to say who they are: a county that comes back all at once. */
  mqttWaitingSockets: 4_096,
  /** Longer or switched-off keep-alives are cut down to this. */
  mqttKeepaliveSeconds: 300,
  /** A device that leaves so much unread is cut off: it must not hold up the others. */
  mqttUnreadBytes: 1_048_576,
  /** A collector holds its senders up while it reads slowly, but not for longer than this. */
  mqttSlowClientMs: 10_000,
  mqttTopicLevels: 16,
  /** Incoming messages in hand at once, and their bytes; more are dropped, and sent again by whoever keeps a journal. */
  mqttRunningHandlers: 20_000,
  mqttRunningBytes: 67_108_864,
  /** Messages that a broker may send ahead of our acknowledgements; below `mqttRunningHandlers`, so that it waits instead of us dropping. */
  mqttReceiveMaximum: 10_000,
  /** Reports that a gateway may keep unsent; older ones of ended alerts go first. */
  gatewaySpooledReports: 20_000,
  /** A key book is one packet. */
  keysInBook: 192,
  gatewayReportsPerMessage: 50,
  /** Messages of gateways that wait for a commit, of all and of one; more are refused and sent again by the gateway. */
  gatewayMessagesWaiting: 20_000,
  gatewayMessagesWaitingEach: 200,
  /** A stopped or cancelled alert stays refused at least this long, even when its end time was sooner. */
  tombstoneFloorMs: 86_400_000,
  /** An officer's word on the time after a power cut: no box stands switched off for longer, 366 days. */
  clockConfirmAheadMs: 31_622_400_000,
  speakersPerGateway: 16,
  /** A contact that opens for less than this only bounces. */
  buttonDebounceMs: 40,
  /** How long a button must be held to mean it, when nothing else is set, and how it may be set. */
  buttonHoldMs: 1_000,
  buttonHoldLeastMs: 200,
  buttonHoldMostMs: 10_000,
  /** Between the two presses, where pressing twice is what means it. */
  buttonTwiceMs: 2_000,
  /** After a press that counted the button must be let go for so long: one that sticks, or chatters in the wet, raises once. */
  buttonReleaseMs: 1_000,
  /** Presses that a program reports closer than this are one. */
  buttonRepeatMs: 3_000,
  /** Somebody who speaks, or a talk button that sticks, has the speakers no longer than this; then the order goes on. */
  ownVoiceMs: 5 * 60_000,
  /** How much of what is spoken a speaker may be behind; more is left out for it. */
  ownVoiceUnheardBytes: 65_536,
  /** A letter between two houses, unfolded, and its first line. */
  letterBytes: 33_554_432,
  letterHeadBytes: 1_024,
  /** Of the list that one house tells another, so much goes into one letter: what a broker takes, small. */
  letterRows: 400,
  letterChars: 120_000,
  /** A file of letters that a runner carries. */
  parcelBytes: 268_435_456,
  /** Houses below one house: a county's villages. */
  housesBelow: 1_000,
  /** Characters of one language's words in one alert: about three minutes of speech. */
  alertTextChars: 600,
  alertTitleChars: 60,
  alertLanguages: 8,
  alertAreas: 500,
  /** Speakers or villages that a forecast names; the counts are always whole. */
  forecastNames: 1_000,
  alertDurationMs: 7 * 86_400_000,
  /** How often whoever may be the second officer is asked; after that the draft lies. */
  approvalRounds: 30,
  alertMinimumMs: 60_000,
  reportTextChars: 1_000,
  nameChars: 64,
  noteChars: 500,
  /** Groups of statements that may wait for a commit before callers are told to slow down. */
  pendingGroups: 20_000,
  groupsPerCommit: 1_000,
  /** Deliveries that one commit puts down, or marks with an event each, while devices and people wait: 10 to 20 ms of work. */
  deliveriesPerFreeze: 1_000,
  deliveriesPerStep: 250,
  /** Groups that share one savepoint; when one of them breaks, each of them is carried out again in its own. */
  groupsPerSavepoint: 50,
  /** Connections of one process to PostgreSQL. Writers each commit a batch of groups at a time. */
  databaseWriters: 4,
  databaseReaders: 8,
  /** Statements sent ahead of their answers in one transaction. */
  databaseStatementsAhead: 64,
  databaseConnectMs: 3_000,
  /** PostgreSQL gives a statement up after this; the house gives PostgreSQL up a second later. */
  databaseStatementMs: 6_000,
  databaseAnswerMs: 7_000,
  /** A process that stops in the middle of a transaction holds its rows no longer than this. */
  databaseIdleTransactionMs: 5_000,
  /** How long is asked what became of a commit whose answer was lost. */
  databaseOutcomeMs: 2_500,
  /** A group that PostgreSQL broke off for a deadlock is tried again so often. */
  databaseDeadlockTries: 6,
  /** Commits of other processes are told at most so often. */
  databaseTellEveryMs: 20,
  databaseListenAgainMs: 1_000,
  /** How long the timeline's readers wait for a number that is missing. */
  eventOrderMs: 2_000,
  jobsPerPush: 500,
  /** Members whose calls one commit writes down: a prefecture has several such parts. */
  callsPerPlan: 50_000,
  /** A join code is good for so long at most, and for so many people. */
  joinCodeMs: 24 * 3_600_000,
  joinsPerCode: 500,
  /** Wrong codes with the right first half, until the code is locked: one guess in a million hits. */
  joinWrongTries: 10,
  joinCodesPerAlert: 500,
  /** Of one address: behind one there may be a whole village at its activity room. */
  joinsPerMinute: 60,
  /** Who joined and was neither kept nor let go is let go after so long, once the alert is over. */
  joinedKeptMs: 30 * 24 * 3_600_000,
  /** Calls whose next step one commit takes. */
  callsPerRound: 2_000,
  /** Numbers that one commit asks. */
  numbersPerRound: 200,
  rowsPerInsert: 500,
  rowsPerPage: 200,
  /** Groups with their sections and seats in one answer. */
  sectionGroupsPerPage: 50,
  /** Words of one message to a person: with the link three parts of a Chinese SMS. */
  messageTextChars: 130,
  /** Messages of one channel under way at once in one process; urgent ones have room of their own. */
  messagesAtOnce: 32,
  urgentMessagesAtOnce: 128,
  /** A message whose sender said nothing of its outcome is sent again after this. */
  messageLeaseMs: 60_000,
  /** An adapter that does not come back in this time is taken not to have heard from its provider. */
  messageSendMs: 20_000,
  /** A message that its provider refused for now is tried so often. */
  messageAttempts: 6,
  /** Of one line of a spoken status. */
  statusLineChars: 200,
  /** Silent times of one place that are shown, and events of one of them. */
  silencesShown: 50,
  aloneEvents: 2_000,
  /** Characters of a reply that are kept, and replies or receipts that a provider may hand over in one request. */
  replyChars: 500,
  incomingPerRequest: 500,
  /** A short message answers what was last sent to its sender within this time. */
  replyWindowMs: 7 * 86_400_000,
  /** Of a provider's answer so much is read. */
  providerAnswerChars: 65_536,
  /** Unsent messages are shown to the officer after this. */
  messageLateMs: 60_000,
  memoryQueueJobs: 100_000,
  /** Open live pages (server-sent events) per process. */
  liveConnections: 500,
  /** Open phone pages per process, and of one call: a phone, a second one, and one that did not say good-bye. */
  phonePages: 2_000,
  phonePagesPerCall: 3,
  liveReplayEvents: 5_000,
  /** What a live page may leave unread before it is dropped; it comes back with its last event id. */
  liveBufferedBytes: 262_144,
  liveEventsPerRead: 100,
  /** Alerts whose counts a process keeps at hand. */
  watchedAlerts: 16,
  sessionMs: 12 * 3_600_000,
  signInFailures: 5,
  signInLockMs: 15 * 60_000,
  /** Of one address: behind one there may be a whole township answering. Sign-in, claims and public forms have limits of their own. */
  requestsPerMinute: 6_000,
  signInsPerMinute: 20,
  publicReportsPerMinute: 10,
  /** Reports that one sensor may cause; readings beyond that tell nothing new. */
  sensorReportsPerMinute: 10,
  /** Readings that wait for a database that is away: of so many sensors, for so long. */
  sensorsWaiting: 1_000,
  sensorWaitMs: 10 * 60_000,
  /** Unknown user names whose failures are remembered, so that they lock like known ones. */
  signInStrangers: 10_000,
  sessionsPerOfficer: 20,
  /** Five tries in two minutes are 1.3 million a year: a hit once in 7,600 years for one name; a stolen box gives its digits away in weeks. */
  localCodeDigits: 10,
  localCodeFailures: 5,
  /** Short, since whoever locks a cadre out on purpose keeps him from warning his village. */
  localCodeLockMs: 2 * 60_000,
  /** Names to choose from at one house's door. */
  localOfficersPerNode: 50,
  passwordMinChars: 12,
  passwordMaxChars: 128,
  scopesPerOfficer: 50,
  claimsPerMinute: 10,
  /** Grid nodes in one answer: a large prefecture has 1,500. */
  gridNodesShown: 20_000,
  searchHits: 50,
  headCount: 100_000,
  /** Doors that one commit assigns, while marks wait. */
  doorsPerStep: 4_000,
  /** A loudspeaker that nobody has proven for longer counts as unproven: something is played in every village at least monthly. */
  speakerProofDays: 30,
  /** Missed rounds that one commit writes down. */
  missedPerStep: 1_000,
  /** A round may be written down so long after it was done. */
  roundToldLateMs: 7 * 86_400_000,
  /** Missed patrols, and missed visits and checks, stand on the first screen for so long when nobody ever goes there. */
  patrolsMissedShownMs: 7 * 86_400_000,
  roundsMissedShownMs: 100 * 86_400_000,
  /** Of one address: behind one there may be a whole village. */
  roundsToldPerMinute: 60,
  musterPointsShown: 1_000,
  /** Tags on one sheet to print: some 30 pages. */
  tagsPerSheet: 500,
  /** People on one printed or exported roll-call list: some 200 pages. */
  rollSheetPersons: 5_000,
  /** Understanding cards on one sheet to print, two on a page. */
  cardsPerSheet: 500,
  /** Of one address: a helper at a muster point scans one every other second. */
  tagScansPerMinute: 120,
  /** A place's head-count of tonight is no news any more after this. */
  headCountFreshMs: 24 * 3_600_000,
  /** Marks of the roll-call are taken so long after the alert is over: people come back late. */
  rollcallLateMs: 24 * 3_600_000,
  /** The same mark again within this is one mark pressed twice. */
  sameMarkMs: 1_000,
  /** Tasks that one commit puts down; of a wider area the rest follows at once. */
  tasksPerStep: 200,
  /** A telephone's photo; what is kept of it is a tenth. */
  photoUploadBytes: 16_777_216,
  /** A photo that a phone made smaller itself, as base64 in a report's body. */
  photoTextChars: 900_000,
  photoPixels: 64_000_000,
  photosPerSubject: 6,
  photoDrawMs: 15_000,
  /** Drills of one half-year that its stars are counted from. */
  ratedDrills: 60,
  /** Of one field of a situation report. */
  situationWordsChars: 2_000,
  /** Villages that a situation report names one by one: more than any county has. */
  situationVillages: 2_000,
  /** Figures older than this are not signed: one key fills them anew. */
  situationFreshMs: 30 * 60_000,
  /** An alert that was over for so long is not asked to be reported any more. */
  situationAskedMs: 7 * 86_400_000,
  /** Of what is open at a hand-over so many of each kind are named; all are counted. */
  shiftOpenNamed: 200,
  shiftRemarkChars: 1_000,
  /** What who goes and who comes write under the hand-over. */
  shiftWordsChars: 2_000,
  shiftRemarks: 1_000,
  /** Lines of a shift on paper, some 60 pages. */
  shiftPrintedEvents: 3_000,
  /** A shift that was taken over by nobody for so long is shown to whoever looks at what is on now. */
  shiftLongMs: 24 * 3_600_000,
  /** Signing is signing in anew: so long ago it may have been. */
  signatureMs: 2 * 60_000,
  taskActions: 20,
  taskMinutes: 30 * 24 * 60,
  claimCodeMs: 15 * 60_000,
  firstLinkMs: 24 * 3_600_000,
  audioBytes: 8_388_608,
  audioFetchMs: 5_000,
  /** A recording for a bulletin as it comes; what is kept of it is the house's own kind of WAV. */
  bulletinUploadBytes: 33_554_432,
  bulletinDecodeMs: 30_000,
  bulletinsShown: 500,
  bulletinTimesShown: 1_000,
  /** A house that starts waits so long for an engine that does not answer yet. */
  engineStartMs: 15_000,
  idempotencyMs: 24 * 3_600_000,
} as const;
