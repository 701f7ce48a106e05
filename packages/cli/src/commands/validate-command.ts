import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import type { FactoryFlags } from '../factory/factory-flags.ts';
import { openFactory, problemLines, sortProblems } from '../factory/open-factory.ts';
import { plural } from '../render/quantity-text.ts';
import type { CommandContext } from './command-context.ts';

export interface ValidateFlags extends FactoryFlags {
  readonly pipeline?: string;
}

/** Everything that is wrong with a factory by itself; nobody is asked. */
export async function validateCommand(path: string, flags: ValidateFlags, context: CommandContext): Promise<ExitCode> {
  const { read } = await openFactory(path, flags, context);
  const { pipeline } = flags;
  const { errors, warnings } = sortProblems(pipeline === undefined ? read.problems : read.problemsOf(pipeline));
  const { pipelines, datasets, linkedServices } = read.factory;
  const sizes = [
    plural(pipelines.size, 'pipeline'),
    plural(datasets.size, 'dataset'),
    plural(linkedServices.size, 'linked service'),
  ];
  const isValid = errors.length === 0;
  context.output.result(
    [
      ...[...errors, ...warnings].flatMap(problemLines),
      `${isValid ? 'valid' : 'not valid'}: ${sizes.join(', ')}; ${plural(errors.length, 'error')}, ${plural(warnings.length, 'warning')}`,
    ],
    { status: isValid ? 'valid' : 'invalid', problems: [...errors, ...warnings] },
  );
  return isValid ? EXIT_CODES.done : EXIT_CODES.invalid;
}
