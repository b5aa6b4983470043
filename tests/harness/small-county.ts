// A county small enough to read: one township, two villages, three groups, four poles, seven members. All names are made up.

export const COUNTY = '533324';
export const TOWNSHIP = '533324101';
export const VILLAGE = '533324101201';
export const NEIGHBOUR = '533324101202';
export const DASUO = '53332410120101';
export const UPPER = '53332410120102';
export const ACROSS = '53332410120201';

export const DIVISIONS_CSV = `code,name,parent_code,level
${COUNTY},贡山独龙族怒族自治县,,county
${TOWNSHIP},茨开镇,${COUNTY},township
${VILLAGE},芒孜村委会,${TOWNSHIP},village
${NEIGHBOUR},茨开村委会,${TOWNSHIP},village
`;

export const GROUPS_CSV = `code,name,parent_code,party_branch,languages
${DASUO},打所小组,${VILLAGE},打所党支部,lis
${UPPER},上组,${VILLAGE},上组党支部,
${ACROSS},对岸小组,${NEIGHBOUR},对岸党支部,
`;

/** Speaker ids of the stories. */
export const POLES = { 'dasuo-1': DASUO, 'upper-1': UPPER, 'across-1': ACROSS, 'office-1': VILLAGE } as const;
export type Pole = keyof typeof POLES;

export const SITES_CSV = `site_id,name,grid_code,placed_by,speaker_id,speaker_name
site-dasuo,打所活动室,${DASUO},test,dasuo-1,打所喇叭
site-upper,上组活动室,${UPPER},test,upper-1,上组喇叭
site-across,对岸活动室,${ACROSS},test,across-1,对岸喇叭
site-office,村委会活动室,${VILLAGE},test,office-1,村委会喇叭
`;

export const MEMBERS_CSV = `member_id,name,phone,skills,available,grid_code,post
m-ayi,演示甲,+8610000000001,first-aid,true,${DASUO},party-secretary
m-bo,演示乙,+8610000000002,carrying|driving,true,${DASUO},group-leader
m-chun,演示丙,+8610000000003,,true,${DASUO},hazard-monitor
m-chun,演示丙,+8610000000003,,true,${UPPER},hazard-monitor
m-dao,演示丁,+8610000000004,,true,${UPPER},forest-ranger
m-er,演示戊,+8610000000005,,true,${ACROSS},forest-ranger
m-away,演示己,+8610000000006,,false,${DASUO},militia
m-fang,演示庚,,,true,${ACROSS},village-doctor
`;

export const HOUSEHOLDS_CSV = `household_id,grid_code,doorplate,head_name,phone,needs,helper_member_id
h-1,${DASUO},打所01,演示户一,+8610000000011,elderly|alone,m-ayi
h-2,${DASUO},打所02,演示户二,,,
h-3,${ACROSS},对岸01,演示户三,,bedridden,m-er
`;

export const PERSONS_CSV = `person_id,household_id,name,needs
p-1,h-1,演示人一,elderly
p-2,h-2,演示人二,
p-3,h-2,演示人三,infant
p-4,h-3,演示人四,bedridden
`;

export const PLACES_CSV = `place_id,grid_code,kind,name,contact_name,phone,head_count
pl-1,${DASUO},guesthouse,演示客栈,演示店主,+8610000000021,6
`;

/** The village asks two of its own, then the township, then the county; the neighbour's only rung has no telephone. */
export const LADDERS_CSV = `grid_code,position,member_id,duty
${VILLAGE},1,m-ayi,responsible
${VILLAGE},2,m-dao,village-lead
${NEIGHBOUR},1,m-fang,responsible
${TOWNSHIP},1,m-bo,township-lead
${COUNTY},1,m-er,work-team
`;

export const OFFICERS = [
  { username: 'admin', name: '演示管理员', role: 'county-admin', scopes: [COUNTY] },
  { username: 'duty1', name: '演示值班员甲', role: 'county-officer', scopes: [COUNTY] },
  { username: 'duty2', name: '演示值班员乙', role: 'county-officer', scopes: [COUNTY] },
  { username: 'town1', name: '演示乡镇值班员', role: 'township-officer', scopes: [TOWNSHIP] },
  { username: 'cadre1', name: '演示村干部', role: 'village-cadre', scopes: [VILLAGE] },
  { username: 'cadre2', name: '演示邻村干部', role: 'village-cadre', scopes: [NEIGHBOUR] },
] as const;
export type Username = (typeof OFFICERS)[number]['username'];
