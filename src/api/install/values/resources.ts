import { quantities, text, valuesObject } from '../../field-types.ts';

/** Requests and limits as Istio's values have them. */
export const resources = valuesObject('Resources', () => ({ limits: quantities, requests: quantities }));

export const logging = valuesObject('Logging', () => ({
  level: text.describe('Log levels by scope, such as `default:info,ads:debug`.'),
}));
