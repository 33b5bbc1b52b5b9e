/** `1 pod`, `2 pods`, `5,000 pods`. */
export function plural(count: number, name: string, many = `${name}s`): string {
  return `${withCommas(count)} ${count === 1 ? name : many}`;
}

export function withCommas(count: number): string {
  return count.toLocaleString('en-US');
}
