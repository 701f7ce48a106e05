import type { FaultAction, FaultScene } from './fault-action.ts';

/** A header says something else, or with `null` nothing. */
export function changeHeader(
  name: string,
  value: string | null | ((value: string | undefined, scene: FaultScene) => string | null),
): FaultAction {
  const lowerName = name.toLowerCase();
  return {
    after: (reply, scene) => {
      const entries = Object.entries(reply.headers);
      const current = entries.find(([key]) => key.toLowerCase() === lowerName)?.[1];
      const changed = typeof value === 'function' ? value(current, scene) : value;
      const others = Object.fromEntries(entries.filter(([key]) => key.toLowerCase() !== lowerName));
      return { ...reply, headers: changed === null ? others : { ...others, [name]: changed } };
    },
  };
}

/** A page names itself as the page after it. Falls on pages that are asked for by a locator. */
export function repeatLocator(): FaultAction {
  return changeHeader('Sforce-Locator', (value, { request }) => request.query.get('locator') ?? value ?? null);
}
