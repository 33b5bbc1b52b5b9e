import { errorText } from '../../error-text.ts';
import { REFUSED_FUNCTIONS, SPRIG_FUNCTIONS } from '../../go-template/sprig/index.ts';
import { compileGoTemplate, type GoTemplate } from '../../go-template/template.ts';
import { TemplateError, TemplateRefusal } from '../../go-template/template-error.ts';
import { isJsonObject, type Json } from '../../kube-object.ts';
import type { WorkMeter } from '../../work-meter.ts';
import {
  InjectionError,
  InjectionRefusal,
  type InjectionTemplate,
  type TemplateContext,
  type TemplateOutput,
} from '../template-context.ts';
import { templateData } from './data/template-data.ts';
import { environmentFunctions, ISTIO_FUNCTIONS } from './istio-functions.ts';
import { readYaml } from './yaml-document.ts';

/** How a template is compiled. */
export interface TemplateSettings {
  /** For messages about pods. */
  name?: string;
  /** Counts what renderings cost. */
  meter?: WorkMeter;
}

/** Reading a character of a result takes about as long as so many steps of a template. */
const STEPS_A_CHARACTER = 2;

/**
 * An injection template that the values bring along, written in Go's text/template with sprig's and Istio's functions.
 * @throws InjectionError for text that is no template; the template itself throws one when it fails on a pod, and
 * TooMuchWork by the meter.
 */
export function compileTemplate(text: string, { name, meter }: TemplateSettings = {}): InjectionTemplate {
  const subject = name === undefined ? 'the template' : `template ${name}`;
  const template = compiled(text, subject, meter);
  return (context) => {
    const result = rendered(template, context, subject);
    meter?.spend(result.length * STEPS_A_CHARACTER);
    return podShaped(document(result, subject), subject);
  };
}

function compiled(text: string, subject: string, meter: WorkMeter | undefined): GoTemplate {
  try {
    const functions = { ...SPRIG_FUNCTIONS, ...ISTIO_FUNCTIONS };
    return compileGoTemplate(text, { functions, refused: REFUSED_FUNCTIONS, ...(meter ? { limits: { meter } } : {}) });
  } catch (error) {
    throw asInjectionError(error, `${subject} cannot be read`);
  }
}

function rendered(template: GoTemplate, context: TemplateContext, subject: string): string {
  try {
    return template.render(templateData(context), environmentFunctions(context));
  } catch (error) {
    throw asInjectionError(error, `${subject} fails for this pod`);
  }
}

function asInjectionError(error: unknown, what: string): unknown {
  if (!(error instanceof TemplateError)) return error;
  const message = `${what}: ${error.message}`;
  return error instanceof TemplateRefusal
    ? new InjectionRefusal(message, { cause: error })
    : new InjectionError(message, { cause: error });
}

function document(text: string, subject: string): Json {
  try {
    return readYaml(text);
  } catch (error) {
    const cause = errorText(error);
    throw new InjectionError(`the result of ${subject} is not YAML: ${cause}`, { cause: error });
  }
}

/** Text without a document adds nothing. */
function podShaped(value: Json, subject: string): TemplateOutput {
  if (value === null || value === undefined) return {};
  if (!isJsonObject(value))
    throw new InjectionError(`the result of ${subject} must be an object with metadata and spec`);
  for (const part of ['metadata', 'spec']) {
    const item = value[part] ?? null;
    if (item !== null && !isJsonObject(item))
      throw new InjectionError(`${part} in the result of ${subject} must be an object`);
  }
  return value;
}
