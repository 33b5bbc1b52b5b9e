import { flag, protoUint32, text, valuesObject } from '../../field-types.ts';

const addressed = valuesObject('TracerAddress', () => ({ address: text.describe('Host and port.') }));

export const tracer = valuesObject('Tracer', () => ({
  datadog: addressed.describe('Datadog.'),
  lightstep: valuesObject('TracerLightstep', () => ({
    address: text.describe('Host and port.'),
    accessToken: text.describe('Access token.'),
  })).describe('Lightstep.'),
  zipkin: addressed.describe('Zipkin.'),
  stackdriver: valuesObject('TracerStackdriver', () => ({
    debug: flag.describe('Write traces to the output too.'),
    maxNumberOfAttributes: protoUint32.describe('Most attributes of a span.'),
    maxNumberOfAnnotations: protoUint32.describe('Most annotations of a span.'),
    maxNumberOfMessageEvents: protoUint32.describe('Most message events of a span.'),
  })).describe('Stackdriver; the charts refuse its settings.'),
}));
