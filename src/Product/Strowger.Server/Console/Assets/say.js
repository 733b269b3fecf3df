// What scripts say, in the page's language: the English text is the key, "{}" takes the values in turn.
const own = globalThis.strowgerTexts ?? {};

export const language = document.documentElement.lang || "en";

export function say(english, ...values) {
  let i = 0;
  return (own[english] ?? english).replaceAll("{}", () => values[i++]);
}
