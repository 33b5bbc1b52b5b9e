import { REFUSED_FUNCTIONS, SPRIG_FUNCTIONS } from '../../go-template/sprig/index.ts';
import { compileGoTemplate, type GoTemplate } from '../../go-template/template.ts';
import { TemplateError } from '../../go-template/template-error.ts';
import { isJsonObject, type Json } from '../../kube-object.ts';
import {
  InjectionError,
  type InjectionTemplate,
  type TemplateContext,
  type TemplateOutput,
} from '../template-context.ts';
import { templateData } from './data/template-data.ts';
import { environmentFunctions, ISTIO_FUNCTIONS } from './istio-functions.ts';
import { readYaml } from './yaml-document.ts';

/**
 * An injection template that the values bring along, written in Go's text/template with sprig's and Istio's functions.
 * @throws InjectionError for text that is no template; the template itself throws one when it fails on a pod.
 */
export function compileTemplate(text: string): InjectionTemplate {
  const template = compiled(text);
  return (context) => podShaped(document(rendered(template, context)));
}

function compiled(text: string): GoTemplate {
  try {
    const functions = { ...SPRIG_FUNCTIONS, ...ISTIO_FUNCTIONS };
    return compileGoTemplate(text, { functions, refused: REFUSED_FUNCTIONS });
  } catch (error) {
    throw asInjectionError(error, 'the template cannot be read');
  }
}

function rendered(template: GoTemplate, context: TemplateContext): string {
  try {
    return template.render(templateData(context), environmentFunctions(context));
  } catch (error) {
    throw asInjectionError(error, 'the template fails for this pod');
  }
}

function asInjectionError(error: unknown, what: string): unknown {
  return error instanceof TemplateError ? new InjectionError(`${what}: ${error.message}`, { cause: error }) : error;
}

function document(text: string): Json {
  try {
    return readYaml(text);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new InjectionError(`the template's result is not YAML: ${cause}`, { cause: error });
  }
}

/** Text without a document adds nothing. */
function podShaped(value: Json): TemplateOutput {
  if (value === null || value === undefined) return {};
  if (!isJsonObject(value)) throw new InjectionError("the template's result must be an object with metadata and spec");
  for (const part of ['metadata', 'spec']) {
    const item = value[part] ?? null;
    if (item !== null && !isJsonObject(item)) throw new InjectionError(`the template's ${part} must be an object`);
  }
  return value;
}
