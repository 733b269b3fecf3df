using System.Text.RegularExpressions;

namespace Strowger.Server.ConsolePage;

/// <summary>
/// Sentences that other parts of the program make in English, with their values in them, found again by the words around the values.
/// A value is looked up the same way: "line 3: the row is longer than 65536 octets" is two sentences.
/// </summary>
internal sealed partial class ToldTemplates
{
    /// <summary>Sentences within sentences; no error of ours goes deeper.</summary>
    private const int MaxDepth = 4;

    private readonly IReadOnlyDictionary<string, string> _texts;
    private readonly Template[] _templates;

    public ToldTemplates(IReadOnlyDictionary<string, string> texts)
    {
        _texts = texts;

        // The one with most words of its own first: what is said in general comes last.
        _templates = [.. texts.Where(text => Places().IsMatch(text.Key)).Select(text => new Template(text.Key, text.Value)).OrderByDescending(t => t.Words)];
    }

    public string Of(string english) => Of(english, 0);

    private string Of(string english, int depth)
    {
        if (_texts.TryGetValue(english, out var own))
        {
            return own;
        }

        foreach (var template in depth < MaxDepth ? _templates : [])
        {
            if (template.Match(english) is { } values)
            {
                return template.Say([.. values.Select(value => Of(value, depth + 1))]);
            }
        }

        return english;
    }

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Places();

    private sealed class Template
    {
        private readonly string _own;
        private readonly string[] _words;
        private readonly int[] _places;

        public Template(string english, string own)
        {
            _own = own;
            _words = Places().Split(english);
            _places = [.. Places().Matches(english).Select(place => place.Value[1] - '0')];
        }

        public int Words => _words.Sum(word => word.Length);

        public string Say(string[] values) => Places().Replace(_own, place => values[place.Value[1] - '0']);

        /// <summary>The values by their numbers; null when it is another sentence.</summary>
        public string[]? Match(string text)
        {
            var last = _words[^1];
            if (!text.StartsWith(_words[0], StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal))
            {
                return null;
            }

            var values = new string[_places.Length];
            var (at, end) = (_words[0].Length, text.Length - last.Length);
            for (var i = 0; i < _places.Length; i++)
            {
                var to = i == _places.Length - 1 ? end : text.IndexOf(_words[i + 1], at, StringComparison.Ordinal);
                if (to <= at || to > end)
                {
                    return null;
                }

                values[_places[i]] = text[at..to];
                at = to + _words[i + 1].Length;
            }

            return values;
        }
    }
}
