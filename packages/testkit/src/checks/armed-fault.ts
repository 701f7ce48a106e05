import { fail } from '../check/check-failure.ts';
import type { ArmedFault, Fault, FaultKind, Faults } from '../harness/fault-kind.ts';
import { settled } from '../tools/event-loop.ts';

type OptionsOf<K extends FaultKind> = Faults[K] extends Fault<infer O> | undefined ? O : never;

/** A fault that is armed, and has to strike for its check to show anything. */
export class PlacedFault {
  readonly #kind: FaultKind;
  readonly #armed: ArmedFault | undefined;

  constructor(kind: FaultKind, armed: ArmedFault | undefined) {
    this.#kind = kind;
    this.#armed = armed;
  }

  get hasStruck(): boolean {
    return (this.#armed?.hits ?? 0) > 0;
  }

  /** Fails unless the fault has struck. @param error What the work ended with all the same. */
  requireStruck(error?: unknown): void {
    if (this.hasStruck) return;
    const why =
      this.#armed === undefined
        ? 'the harness arms it without a word of its hits'
        : 'nothing that the plugin did came upon it, so that the check shows nothing';
    fail(`the fault never struck: "${this.#kind}" was armed, and ${why}`, error);
  }

  /** What the work rejects with, once the fault has struck. */
  async rejectionOf(work: () => Promise<unknown>, unless: string): Promise<unknown> {
    let ended: { readonly error: unknown } | undefined;
    try {
      await work();
    } catch (error) {
      ended = { error };
    }
    this.requireStruck(ended?.error);
    return ended === undefined ? fail(unless) : ended.error;
  }
}

/** Arms a fault of the harness. */
export async function arm<K extends FaultKind>(
  faults: Faults,
  kind: K,
  ...options: OptionsOf<K> extends void ? [] : [OptionsOf<K>]
): Promise<PlacedFault> {
  // Each kind takes the options it declares; the compiler does not follow that through the table.
  const fault = faults[kind] as ((...given: typeof options) => ArmedFault | Promise<ArmedFault>) | undefined;
  if (fault === undefined) return fail(`the harness has no fault "${kind}" here, and said that it has one`);
  const armed: ArmedFault | undefined = await fault.apply(faults, options);
  await settled(1);
  return new PlacedFault(kind, armed);
}
