/** Words and punctuation; between them may be what separates the groups of a card number, spaces and dashes. */
const WORDS = /[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s\p{Pd}]/gu;
/** The lengths of a primary account number: https://www.iso.org/standard/70484.html (ISO/IEC 7812-1). */
const SHORTEST = 12;
const LONGEST = 19;

/** The check digit of ISO/IEC 7812-1. */
const passesLuhn = (digits: string): boolean => {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const weighed = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return sum % 10 === 0;
};

/** Whether there is a payment card's number in a text, in one piece or in groups. One other number in ten looks like one. */
export const holdsCardNumber = (text: string): boolean => {
  // Full-width digits are digits, too.
  const words = text.normalize('NFKC').match(WORDS) ?? [];
  return words.some((_, first) => {
    let digits = '';
    for (const word of words.slice(first)) {
      if (!/^\d+$/.test(word) || digits.length + word.length > LONGEST) return false;
      digits += word;
      if (digits.length >= SHORTEST && passesLuhn(digits)) return true;
    }
    return false;
  });
};
