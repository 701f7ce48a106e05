import type { Activity } from '../definition/activity/activity.ts';

/** All activities, those within others too. */
export function* allActivities(activities: readonly Activity[]): Generator<Activity, void, undefined> {
  for (const activity of activities) {
    yield activity;
    for (const list of innerLists(activity)) yield* allActivities(list);
  }
}

function innerLists(activity: Activity): readonly (readonly Activity[])[] {
  switch (activity.type) {
    case 'ForEach':
    case 'Until':
      return [activity.typeProperties.activities];
    case 'IfCondition':
      return [activity.typeProperties.ifTrueActivities, activity.typeProperties.ifFalseActivities];
    case 'Switch':
      return [
        ...activity.typeProperties.cases.map(({ activities }) => activities),
        activity.typeProperties.defaultActivities,
      ];
    default:
      return [];
  }
}
