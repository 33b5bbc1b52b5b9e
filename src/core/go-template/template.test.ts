import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTemplate as render } from '../../../test/builders/go-template.ts';
import { REFUSED_FUNCTIONS } from './sprig/index.ts';
import { compileGoTemplate } from './template.ts';
import { TemplateError } from './template-error.ts';

describe('the language', () => {
  it.each([
    ['text without actions', 'plain }} text', 'plain }} text'],
    ['a field', '{{.a}}', 'A'],
    ['a field over several lines', '{{\n.a\n}}', 'A'],
    ['a missing field and null', '{{.missing}}|{{.map.missing}}|{{.nothing}}', '<no value>|<no value>|<no value>'],
    ['fields of what is missing', '{{.missing.x.y}}', '<no value>'],
    ['numbers of JSON as floats', '{{.n}} {{.million}}', '5 1e+06'],
    ['literals', "{{1000000}} {{1e6}} {{0x1F}} {{'a'}} {{1_000}} {{017}} {{.5}}", '1000000 1e+06 31 97 1000 15 0.5'],
    ['strings', '{{"a\\tb\\x41\\u00e9\\101"}}{{`raw\\n`}}', 'a\tbAéAraw\\n'],
    ['if and else if', '{{if .zero}}A{{else if .a}}B{{else}}C{{end}}', 'B'],
    ['with and else with', '{{with .missing}}x{{else with .a}}{{.}}{{end}}', 'A'],
    ['with a variable', '{{with $m := .map}}{{$m.k}}{{.k}}{{end}}', 'vv'],
    ['range over a list', '{{range .list}}[{{.}}]{{end}}', '[a][b][c]'],
    ['range over a map by key', '{{range $k, $v := .map}}{{$k}}={{$v}} {{end}}', 'b=2 k=v '],
    ['range with index', '{{range $i, $e := .list}}{{if $i}},{{end}}{{$e}}{{end}}', 'a,b,c'],
    ['range over nothing', '{{range .empty}}x{{else}}none{{end}}', 'none'],
    ['range over an integer', '{{range 3}}{{.}}{{end}}', '012'],
    ['range that assigns', '{{$v := 0}}{{range $v = .list}}{{end}}{{$v}}', 'c'],
    ['continue', '{{range .list}}{{if eq . "b"}}{{continue}}{{end}}{{.}}{{end}}', 'ac'],
    ['break in an inner block', '{{range .list}}{{with 1}}{{break}}{{end}}{{end}}ok', 'ok'],
    ['break of the inner range only', '{{range .list}}{{range $.list}}{{.}}{{break}}{{end}}-{{end}}', 'a-a-a-'],
    ['define and template', '{{define "t"}}<{{.}}>{{end}}{{template "t" .a}}{{template "t"}}', '<A><<no value>>'],
    ['block', '{{block "b" .map}}{{.k}}{{end}}', 'v'],
    [
      'a template that calls itself',
      '{{define "r"}}{{if gt . 0}}{{.}}{{template "r" (int (sub . 1))}}{{end}}{{end}}{{template "r" 3}}',
      '321',
    ],
    ['a template of its own variables', '{{$x := 1}}{{template "t" 2}}{{define "t"}}{{$}}{{end}}', '2'],
    ['comments', 'a {{- /* c */ -}} b{{/* d */}}c', 'abc'],
    ['trim markers', 'a  {{- "x" -}}  b', 'axb'],
    ['a minus that is no marker', 'a {{-3}}', 'a -3'],
    ['variables of an inner block', '{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}', '21'],
    ['assignment to an outer variable', '{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
    ['pipelines', '{{"x" | printf "%s-%s" "y"}}{{.a | lower | quote}}', 'y-x"a"'],
    ['parentheses and fields of them', '{{(index .list 1)}}{{(dict "a" 1).a}}', 'b1'],
    ['$ in a range', '{{range .empty}}{{else}}{{$.a}}{{end}}', 'A'],
  ])('%s', (_name, source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe("the language's own functions", () => {
  it.each([
    ['{{and 1 0 2}}{{or 0 "" "x"}}{{not 0}}', '0xtrue'],
    ['{{or .a (fail "not reached")}}', 'A'],
    ['{{eq "a" "b" "a"}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 3 2}}', 'true true true true false true'],
    ['{{eq .missing "a"}} {{eq .missing nil}} {{lt "a" "b"}}', 'false true true'],
    ['{{len .list}} {{len "héé"}} {{len .map}}', '3 5 2'],
    ['{{index .nested "a" "b" 1}} {{index .map "zz"}}', 'x <no value>'],
    ['{{index "abc" 1}}', '98'],
    ['{{print 1 2 "a" "b" 3 4}}|{{println 1 "a"}}', '1 2ab3 4|1 a\n'],
    ['{{html "<a>&\'"}} {{js "it\'s"}} {{urlquery "a b&c"}}', "&lt;a&gt;&amp;&#39; it\\'s a+b%26c"],
    ['{{printf "%5d|%-5d|%05d|%x|%c|%q|%+d" 42 42 42 255 65 65 5}}', "   42|42   |00042|ff|A|'A'|+5"],
    ['{{printf "%10s|%.2s|%q|%x" "ab" "abcdef" "a\\"b" "hi"}}', '        ab|ab|"a\\"b"|6869'],
    [
      '{{printf "%f|%.2f|%8.3f|%e|%g" 3.14159 3.14159 3.14159 314159.0 1e21}}',
      '3.141590|3.14|   3.142|3.141590e+05|1e+21',
    ],
    ['{{printf "%d|%d|%t" "x" nil true}}', '%!d(string=x)|%!d(<nil>)|true'],
    ['{{printf "%d"}}|{{printf "x" 1}}', '%!d(MISSING)|x%!(EXTRA int=1)'],
    ['{{printf "%v %v %T" .list .map 1}}', '[a b c] map[b:2 k:v] int'],
  ])('%s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe('mistakes', () => {
  it.each([
    ['{{ foo }}', 'there is no function foo'],
    ['{{ $y }}', 'variable $y is not defined'],
    ['{{ if }}x{{ end }}', 'if has no value'],
    ['\n{{ if true }}x', 'line 2: the block that starts here has no {{end}}'],
    ['{{ end }}', 'belongs to no block'],
    ['{{ break }}', 'outside {{range}}'],
    ['{{ "a', 'unexpected character'],
    ['{{ .a ', 'an action does not end'],
    ['{{/* a', 'a comment does not end'],
    ['{{ (print 1 }}', 'a parenthesis is not closed'],
    ['{{ print ) }}', 'a parenthesis closes nothing'],
    ['{{ 1 | 2 }}', 'not a function'],
    ['{{ 1x }}', 'not a number'],
    ['{{ 1i }}', 'complex numbers'],
    ['{{ "\\q" }}', 'not an escape'],
    ['{{ .a "x" }}', 'takes no arguments'],
    ['{{ true.x }}', 'cannot follow a literal'],
    ['{{define "x"}}b{{end}}{{define "x"}}a{{end}}', 'defined twice'],
    ['{{ template "nope" }}', 'template "nope" is not defined'],
    ['{{ .a.b }}', 'string has no field b'],
    ['{{ .nothing.x }}', 'of a value that is null'],
    ['{{ eq 1 1.0 }}', 'int and float64 cannot be compared'],
    ['{{ lt true false }}', 'cannot be compared'],
    ['{{ eq .list .list }}', 'cannot be compared'],
    ['{{ index .list 9 }}', 'index 9 is out of range'],
    ['{{ len 3 }}', 'int has no length'],
    ['{{ range .a }}{{ end }}', 'range needs a list, a map or an integer'],
    ['{{ upper 5 }}', 'upper: needs a string, got int'],
    ['{{ indent (add 1 2) "x" }}', 'indent: needs an int, got int64'],
    ['{{ trimAll "a" }}', 'trimAll takes 2 arguments, got 1'],
    ['{{ fail "no such zone" }}', 'no such zone'],
    ['{{ call .a }}', 'cannot call string'],
    ['{{ printf "%[1]d" 1 }}', 'argument indexes'],
  ])('%s', (source, message) => {
    expect(() => render(source)).toThrow(TemplateError);
    expect(() => render(source)).toThrow(message);
  });

  it.each(Object.keys(REFUSED_FUNCTIONS))('%s is refused by its name', (name) => {
    expect(() => render(`{{ ${name} }}`)).toThrow(`function ${name} is not available`);
  });
});

describe('limits', () => {
  it.each([
    ['an endless recursion', '{{define "x"}}{{template "x"}}{{end}}{{template "x"}}', 'deeper than'],
    ['a huge range', '{{range 1000000000000}}{{end}}', 'steps'],
    ['a huge list', '{{until 1000000000}}', 'longer than'],
    ['a huge text', '{{repeat 1000000000 "x"}}', 'longer than'],
    ['a text that doubles', '{{$x := "abcdefgh"}}{{range 60}}{{$x = print $x $x}}{{end}}', 'longer than'],
    ['a list that doubles', '{{$x := list 1}}{{range 60}}{{$x = concat $x $x}}{{end}}', 'steps'],
    [
      'a list of lists that doubles when printed',
      '{{$x := list 1}}{{range 60}}{{$x = list $x $x}}{{end}}{{$x}}',
      'too large',
    ],
    ['a map that contains itself', '{{$d := dict}}{{$_ := set $d "d" $d}}{{$d}}', 'contains itself'],
    ['a map that contains itself, as JSON', '{{$d := dict}}{{$_ := set $d "d" $d}}{{toJson $d}}', 'contains itself'],
    [
      'a map that contains itself, by printf',
      '{{$d := dict}}{{$_ := set $d "d" $d}}{{printf "%v" $d}}',
      'contains itself',
    ],
    [
      'maps that contain themselves, merged',
      '{{$d := dict}}{{$_ := set $d "d" $d}}{{$e := dict}}{{$_ := set $e "d" $e}}{{merge $d $e}}',
      'itself',
    ],
    ['a wide number', '{{printf "%99999999d" 1}}', 'too large'],
    ['deep parentheses', `{{${'('.repeat(2000)}1${')'.repeat(2000)}}}`, 'nest deeper'],
    ['deep blocks', '{{if 1}}'.repeat(2000), 'nest deeper'],
  ])('%s', (_name, source, message) => {
    expect(() => render(source)).toThrow(TemplateError);
    expect(() => render(source)).toThrow(message);
  });

  it('cuts off long results', () => {
    const template = compileGoTemplate('{{range 100}}0123456789{{end}}', { limits: { output: 50 } });
    expect(() => template.render(undefined)).toThrow('the result is longer than 50 characters');
  });
});

const PIECE = fc.constantFrom(
  ...[
    '{{',
    '}}',
    '{{-',
    '-}}',
    ' ',
    '\n',
    '.a',
    '.list',
    '$',
    '$x',
    ':=',
    '=',
    '|',
    '(',
    ')',
    ',',
    '"s"',
    '`r`',
    "'c'",
    '1',
    '2.5',
  ],
  ...[
    'if',
    'else',
    'end',
    'range',
    'with',
    'define',
    'template',
    'block',
    'break',
    'continue',
    'nil',
    'true',
    'print',
    'eq',
    'len',
  ],
  ...['/*', '*/', 'x', '.', '"', '\\', 'index', 'join', 'repeat', 'é', '%d'],
);

describe('any text', () => {
  it('is rendered or refused with a TemplateError', () => {
    const source = fc.oneof(
      fc.array(PIECE, { maxLength: 40 }).map((pieces) => pieces.join(' ')),
      fc.string(),
    );
    fc.assert(
      fc.property(source, (text) => {
        try {
          expect(typeof render(text)).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('without braces comes out as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('{{'));
        expect(render(text)).toBe(text);
      }),
    );
  });
});
