import type { Factory } from '../definition/factory.ts';
import type { ExpressionObject } from '../expression/expression-value.ts';
import { requirePipeline } from './find-definition.ts';
import { parameterValues } from './parameter-value.ts';

/**
 * The parameters a run would have. Texts are read by the type of the parameter, arrays and objects as JSON.
 *
 * @throws `CONFIG_INVALID` naming each parameter that has no value, a value of another type, or is none.
 */
export function pipelineParameters(factory: Factory, pipelineName: string, given: ExpressionObject): ExpressionObject {
  const { name, properties } = requirePipeline(factory, pipelineName);
  return parameterValues({ what: `the pipeline ${name}`, parameters: properties.parameters }, given);
}
