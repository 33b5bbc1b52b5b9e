const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

/** Escapes text for HTML as Go's templates do. */
export function escapeHtmlText(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML[character] ?? character);
}

const PRINTABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

/** Escapes text for a JavaScript string as Go's templates do. */
export function escapeScript(text: string): string {
  return text.replace(/[\\'"<>&=\p{Cc}]|[^\x20-\x7e]/gu, (character) => {
    if ('\\\'"'.includes(character)) return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    if (code > 0x7f && PRINTABLE.test(character)) return character;
    return code === 0x7f ? character : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** Escapes text for a URL's query as Go does. */
export function escapeQuery(text: string): string {
  const escaped = encodeURIComponent(text.toWellFormed());
  return escaped
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
