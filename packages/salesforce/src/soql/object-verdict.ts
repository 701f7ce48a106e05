import type { Note } from '@sluice/core';

import type { QueryProblem } from './query-problem.ts';

interface ObjectRule {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly hint: string;
}

const READ_WITH_REST = 'Read it with the REST API, or query a related object.';

/** Kinds of objects that query jobs refuse, by the end of their names. */
const REFUSED_KINDS: readonly ObjectRule[] = [
  {
    pattern: /__x$/i,
    reason: 'external objects are not served by the Bulk API',
    hint: 'Read the external system itself.',
  },
  {
    pattern: /__e$/i,
    reason: 'platform events cannot be queried',
    hint: 'Subscribe to the event, or query an object that stores it.',
  },
  {
    pattern: /.ChangeEvent$/i,
    reason: 'change events cannot be queried',
    hint: 'Query the object itself by SystemModstamp, or subscribe to its changes.',
  },
  { pattern: /__Tag$/i, reason: 'tags are not served by the Bulk API', hint: READ_WITH_REST },
  {
    pattern: /(?:EventStream|AnomalyEvent)$/i,
    reason: 'event streams cannot be queried',
    hint: 'Query the object that stores the events, if the org stores them.',
  },
];

/** As other connectors found them refused with `INVALIDENTITY`. */
const REFUSED_BY_BULK = new Set(
  `AcceptedEventRelation AssetTokenEvent AttachedContentNote Attachment CaseStatus ContractStatus DeclinedEventRelation
  EventWhoRelation FieldSecurityClassification OrderStatus PartnerRole QuoteTemplateRichTextData RecentlyViewed
  ServiceAppointmentStatus ShiftStatus SolutionStatus TaskPriority TaskStatus TaskWhoRelation UndecidedEventRelation
  WorkOrderLineItemStatus WorkOrderStatus WorkStepStatus`
    .toLowerCase()
    .split(/\s+/),
);

/** Described, and yet no query of a client reads them. */
const NOT_QUERYABLE = new Set(
  `ActivityHistory AggregateResult AsyncOperationEvent AsyncOperationStatus AttachedContentDocument BatchApexErrorEvent
  CombinedAttachment ContentBody DataType EmailStatus FeedLike FeedSignal FeedTrackedChange FlowExecutionErrorEvent
  FolderedContentDocument ListViewChartInstance LookedUpFromActivity Name NoteAndAttachment OpenActivity OutgoingEmail
  OutgoingEmailRelation OwnedContentDocument PlatformStatusAlertEvent ProcessInstanceHistory RemoteKeyCalloutEvent
  UserRecordAccess`
    .toLowerCase()
    .split(/\s+/),
);

/** Read only with a filter on certain fields, which the org names when it refuses. */
const FILTER_NEEDED = new Set(
  `Announcement ApexTypeImplementor AppTabMember CollaborationGroupRecord ColorDefinition ContentDocumentLink
  ContentFolderItem ContentFolderMember DataStatistics DatacloudAddress DatacloudDandBCompany EntityParticle
  FieldDefinition FieldHistoryArchive FlexQueueItem FlowTestView FlowVariableView FlowVersionView IconDefinition
  IdeaComment NetworkUserHistoryRecent OwnerChangeOptionInfo PicklistValueInfo PlatformAction RecordActionHistory
  RelatedListColumnDefinition RelatedListDefinition RelationshipDomain RelationshipInfo SearchLayout SiteDetail
  UserEntityAccess UserFieldAccess Vote`
    .toLowerCase()
    .split(/\s+/),
);

/** Why query jobs refuse an object, judged by its name alone; undefined where nothing speaks against it. */
export function refusedObject(name: string): Omit<QueryProblem, 'offset'> | undefined {
  const kind = REFUSED_KINDS.find(({ pattern }) => pattern.test(name));
  if (kind !== undefined) return unsupported(`${name}: ${kind.reason}`, kind.hint);
  const key = name.toLowerCase();
  if (NOT_QUERYABLE.has(key)) return unsupported(`${name} cannot be queried`, 'Query the objects it is made from.');
  if (isRefusedByBulk(key)) return unsupported(`${name} is not served by the Bulk API`, READ_WITH_REST);
  return undefined;
}

/** Whether the Bulk API is known not to serve an object of that name at all. */
export function isRefusedByBulk(name: string): boolean {
  return REFUSED_BY_BULK.has(name.toLowerCase());
}

/** What to know of an object that is read, by its name. */
export function objectNotes(name: string, hasFilter: boolean): readonly Note[] {
  if (/__b$/i.test(name) && hasFilter) {
    return [
      {
        code: 'BIG_OBJECT_FILTER',
        message: `${name} is a big object: filters must use the fields of its index, in their order and without gaps.`,
      },
    ];
  }
  if (FILTER_NEEDED.has(name.toLowerCase()) && !hasFilter) {
    return [
      { code: 'FILTER_EXPECTED', message: `${name} is usually read only with a filter; the org names the fields.` },
    ];
  }
  return [];
}

function unsupported(message: string, hint: string): Omit<QueryProblem, 'offset'> {
  return { code: 'QUERY_UNSUPPORTED', message, hint };
}
