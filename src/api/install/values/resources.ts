import { text, textMap, valuesObject } from '../../field-types.ts';

/** Requests and limits as Istio's values have them: texts only, because istiod reads them again from its ConfigMap. */
export const resources = valuesObject('Resources', () => ({ limits: textMap, requests: textMap }));

export const logging = valuesObject('Logging', () => ({
  level: text.describe('Log levels by scope, such as `default:info,ads:debug`.'),
}));
