import { describe, expect, it } from 'vitest';
import { renderTemplate as render } from '../../../../test/builders/go-template.ts';
import { BUILTIN_FUNCTIONS } from '../builtin-functions.ts';
import { REFUSED_FUNCTIONS, SPRIG_FUNCTIONS } from './index.ts';

describe('functions on text', () => {
  it.each([
    ['{{trunc 3 "abcdef"}} {{trunc -3 "abcdef"}} {{trunc 9 "abc"}}', 'abc def abc'],
    ['{{trunc 3 "hé"}}', 'hé'],
    ['{{abbrev 5 "hello world"}} {{substr 1 3 "hello"}} {{substr 2 -1 "hello"}}', 'he... el llo'],
    ['{{trim "  a "}}|{{trimAll "-_." "-_a.b_-"}}|{{trimSuffix "x" "abx"}}|{{trimPrefix "a" "abx"}}', 'a|a.b|ab|bx'],
    [
      '{{upper "abß"}} {{lower "ABC"}} {{title "hello foo-bar"}} {{untitle "Hello World"}} {{swapcase "aBc"}}',
      'ABß abc Hello Foo-Bar hello world AbC',
    ],
    ['{{repeat 3 "ab"}} {{nospace " a b "}} {{initials "First Try"}} {{cat "a" 1 nil "b"}}', 'ababab ab FT a 1 b'],
    ['{{indent 2 "a\\nb"}}|{{nindent 2 "a"}}', '  a\n  b|\n  a'],
    ['{{replace "a" "o" "banana"}} {{replace "" "-" "ab"}}', 'bonono -a-b-'],
    ['{{plural "one" "many" 1}} {{plural "one" "many" 2}}', 'one many'],
    ['{{quote "a" 1 nil "b\\"c"}} {{squote "a" 1}}', '"a" "1" "b\\"c" \'a\' \'1\''],
    ['{{hasPrefix "a" "abc"}} {{hasSuffix "c" "abc"}} {{contains "b" "abc"}}', 'true true true'],
    ['{{join "-" (list 1 nil "x")}} {{join "," "x"}}', '1-x x'],
    ['{{sortAlpha (list 10 9 "B" "a")}}', '[10 9 B a]'],
    ['{{(split "," "a,b")._1}} {{splitList "," "a,b"}} {{splitn "," 2 "a,b,c"}}', 'b [a b] map[_0:a _1:b,c]'],
    ['{{toString 5}} {{toStrings (list 1 "a")}} {{atoi "12"}} {{atoi "x"}}', '5 [1 a] 12 0'],
    ['{{wrap 5 "hello big world"}}|{{wrapWith 5 "/" "Hello Helloooooo"}}', 'hello\nbig\nworld|Hello/Hello/ooooo'],
  ])('%s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe('functions on numbers', () => {
  it.each([
    ['{{add 1 2 3}} {{add1 5}} {{sub 5 2}} {{mul 2 3 4}} {{div 7 2}} {{mod -7 2}}', '6 6 3 24 3 -1'],
    ['{{add 9223372036854775807 1}}', '-9223372036854775808'],
    ['{{add "3" 4.7 true}} {{max 1 5 3}} {{min 4 2 8}}', '8 5 2'],
    [
      '{{addf 0.1 0.2}} {{subf 7.5 2 3}} {{mulf 1.5 2}} {{divf 10 2 4}} {{maxf 1 2.5}} {{minf 1 2.5}}',
      '0.3 2.5 3 1.25 2.5 1',
    ],
    ['{{floor 1.9}} {{ceil 1.1}} {{round 123.5555 3}} {{toDecimal "777"}}', '1 2 123.556 511'],
    ['{{int "12"}} {{int64 "0x1f"}} {{int 3.9}} {{float64 "1.5"}} {{int "abc"}} {{int "08"}}', '12 31 3 1.5 0 0'],
    [
      '{{until 3}} {{untilStep 3 6 2}} {{seq 5}} {{seq 2 -1}} {{seq 0 2 6}}',
      '[0 1 2] [3 5] 1 2 3 4 5 2 1 0 -1 0 2 4 6',
    ],
  ])('%s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it('refuses division by zero', () => {
    expect(() => render('{{div 1 0}}')).toThrow('division by zero');
    expect(() => render('{{divf 1 0}}')).toThrow('division by zero');
  });
});

describe('functions on lists and maps', () => {
  it.each([
    ['{{first .list}} {{last .list}} {{rest .list}} {{initial .list}}', 'a c [b c] [a b]'],
    [
      '{{append .list "z"}} {{prepend .list "z"}} {{concat (list 1) .list}} {{.list}}',
      '[a b c z] [z a b c] [1 a b c] [a b c]',
    ],
    [
      '{{reverse .list}} {{uniq (list 1 1 1.0)}} {{without .list "b"}} {{has "b" .list}} {{has 1 nil}}',
      '[c b a] [1 1] [a c] true false',
    ],
    ['{{compact (list 0 "" "a")}} {{slice .list 1 2}} {{chunk 2 .list}}', '[a] [b] [[a b] [c]]'],
    ['{{default "d" ""}} {{default "d" 0}} {{.missing | default "m"}} {{default "d" "x"}}', 'd d m x'],
    ['{{empty ""}} {{coalesce "" 0 "x"}} {{all 1 ""}} {{any 0 "a"}} {{ternary "y" "n" false}}', 'true x false true n'],
    ['{{dict "a" 1 "b"}} {{get .map "k"}} {{hasKey .map "z"}}', 'map[a:1 b:] v false'],
    ['{{$d := dict "a" 1}}{{set $d "b" 2}} {{unset $d "a"}}', 'map[a:1 b:2] map[b:2]'],
    ['{{keys .map}} {{pick .map "k"}} {{omit .map "k"}} {{pluck "k" .map .nested}}', '[b k] map[k:v] map[b:2] [v]'],
    ['{{merge (dict "a" 1 "e" "") (dict "a" 9 "b" 2 "e" 3)}}', 'map[a:1 b:2 e:3]'],
    ['{{mergeOverwrite (dict "m" (dict "x" 1)) (dict "m" (dict "y" 2))}}', 'map[m:map[x:1 y:2]]'],
    ['{{dig "a" "b" 0 .nested}} {{dig "a" "z" "d" .nested}} {{deepCopy .map}}', '[1 x] d map[b:2 k:v]'],
  ])('%s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe('functions on JSON, encodings, paths, expressions and types', () => {
  it.each([
    ['{{toJson .map}} {{toJson "<a>"}} {{toRawJson "<a>"}}', '{"b":2,"k":"v"} "\\u003ca\\u003e" "<a>"'],
    ['{{(fromJson "{\\"a\\":[1]}").a}} {{fromJson "{" | default "bad"}}', '[1] bad'],
    ['{{b64enc "héllo"}} {{b64dec "aGk="}} {{b32enc "hello"}} {{b32dec "NBSWY3DP"}}', 'aMOpbGxv hi NBSWY3DP hello'],
    [
      '{{base "/a/b.c"}} {{dir "/a/b.c"}} {{ext "/a/b.c"}} {{clean "/a/../b//c"}} {{isAbs "a"}} {{osBase "/x/y"}}',
      'b.c /a .c /b/c false y',
    ],
    ['{{regexMatch "^a.*z$" "abcz"}} {{regexFind "[0-9]+" "a12"}} {{regexFindAll "[0-9]" "123" 2}}', 'true 12 [1 2]'],
    [
      '{{regexReplaceAll "a(x*)b" "ab-axxb" "${1}W"}} {{regexReplaceAll "x*" "abc" "-"}} {{regexSplit "," "a,b,c" 2}}',
      'W-xxW -a-b-c- [a b,c]',
    ],
    ['{{regexReplaceAllLiteral "a" "aa" "$0"}} {{regexQuoteMeta "1.2"}} {{regexMatch "[" "a"}}', '$0$0 1\\.2 false'],
    [
      '{{kindOf .list}} {{typeOf 1}} {{kindIs "map" .map}} {{typeIs "float64" .n}} {{deepEqual .list (list "a" "b" "c")}}',
      'slice int true true true',
    ],
  ])('%s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it.each(['{{mustFromJson "{"}}', '{{b64dec "!!"}}', '{{regexFind "[" "a"}}', '{{mustRegexMatch "[" "a"}}'])(
    '%s is an error',
    (source) => {
      expect(() => render(source)).toThrow('line 1: ');
    },
  );
});

it('knows or refuses a function, never both', () => {
  const names = Object.keys(REFUSED_FUNCTIONS);
  expect(
    names.filter((name) => Object.hasOwn(SPRIG_FUNCTIONS, name) || Object.hasOwn(BUILTIN_FUNCTIONS, name)),
  ).toEqual([]);
});
