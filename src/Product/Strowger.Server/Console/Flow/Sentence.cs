using System.Globalization;
using System.Text;

namespace Strowger.Server.ConsolePage;

/// <summary>How it stands, at a glance.</summary>
public enum Tone
{
    Calm,
    Attention,
    Trouble,
}

public enum PieceKind
{
    Plain,

    /// <summary>A number that matters, with its unit.</summary>
    Figure,

    /// <summary>What is wrong.</summary>
    Alarm,
}

/// <summary>A stretch of words, or a moment that each reader sees in their own time zone.</summary>
public sealed record SentencePiece(PieceKind Kind, string? Text, long? TimeMs = null);

/// <summary>One sentence in words, and smaller below it what else is to be known.</summary>
public sealed record Sentence(Tone Tone, IReadOnlyList<SentencePiece> Pieces, string? Detail)
{
    /// <summary>As plain text, moments as hh:mm:ss in a zone.</summary>
    public string ToText(TimeZoneInfo zone)
    {
        var text = new StringBuilder();
        foreach (var piece in Pieces)
        {
            text.Append(piece.TimeMs is { } ms
                ? TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture)
                : piece.Text);
        }

        return text.ToString();
    }
}

/// <summary>Puts a sentence together.</summary>
internal sealed class SentenceBuilder(Tone tone)
{
    private readonly List<SentencePiece> _pieces = [];
    private readonly List<string> _details = [];

    public SentenceBuilder Say(string text)
    {
        _pieces.Add(new SentencePiece(PieceKind.Plain, text));
        return this;
    }

    public SentenceBuilder Figure(string text)
    {
        _pieces.Add(new SentencePiece(PieceKind.Figure, text));
        return this;
    }

    public SentenceBuilder Alarm(string text)
    {
        _pieces.Add(new SentencePiece(PieceKind.Alarm, text));
        return this;
    }

    public SentenceBuilder At(DateTimeOffset moment)
    {
        _pieces.Add(new SentencePiece(PieceKind.Figure, null, moment.ToUnixTimeMilliseconds()));
        return this;
    }

    public SentenceBuilder Detail(string? sentence)
    {
        if (!string.IsNullOrEmpty(sentence))
        {
            _details.Add(sentence);
        }

        return this;
    }

    public Sentence Build() => new(tone, _pieces, _details.Count == 0 ? null : string.Join(" ", _details));
}
