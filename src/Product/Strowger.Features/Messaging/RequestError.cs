using System.Globalization;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging;

/// <summary>What is wrong with a message, for a problem document or a rejected line of a batch.</summary>
/// <param name="Status">HTTP status: 400 malformed, 413 too large, 422 a field.</param>
/// <param name="Code">Stable; programs branch on it.</param>
/// <param name="Field">The field, or null when it is the whole.</param>
/// <param name="Detail">What was found and what is allowed.</param>
public sealed record RequestError(int Status, string Code, string? Field, string Detail)
{
    /// <summary>A field is wrong.</summary>
    public static RequestError Of(string field, string code, string detail) => new(422, code, field, detail);

    /// <summary>A batch's line or element could not be taken out of it.</summary>
    public static RequestError Of(in BatchLine line) => line.Problem switch
    {
        BatchProblem.TooLong => new(413, "line_too_long", null, Text($"the line is longer than {MessageLimits.MaxLine} octets, the most one message may take")),
        BatchProblem.Empty => new(400, "malformed_json", null, Text($"a value is missing in the array before octet {line.Position}")),
        BatchProblem.Unterminated => new(400, "malformed_json", null, Text($"the input ends at octet {line.Position} before the array's ']'")),
        BatchProblem.TrailingData => new(400, "malformed_json", null, Text($"something follows the array's ']' at octet {line.Position}; it was not read")),
        _ => throw new ArgumentException("The line is whole.", nameof(line)),
    };

    /// <summary>A text that cannot be sent as it is; null when it can.</summary>
    public static RequestError? Of(in TextPlan plan, ReadOnlySpan<char> text, EncodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var field = plan.Encoding == TextEncoding.Binary ? "data_hex" : "text";
        switch (plan.Error)
        {
            case PlanError.None:
                return null;
            case PlanError.TooLong:
                var room = TextLimits.PerPart(plan.Encoding, options.Reference16);
                return Of(field, "too_long", Text($"it needs {plan.Parts} parts in {plan.Encoding}; allowed are {options.MaxParts} parts, that is {options.MaxParts * room} {Unit(plan.Encoding)}"));
            default:
                var c = text[plan.ErrorIndex];
                return char.IsSurrogate(c) && (options.Alphabets & Alphabets.Ucs2) != 0
                    ? Of(field, "invalid_text", Text($"half of a surrogate pair stands alone at character {plan.ErrorIndex}; allowed is well-formed Unicode"))
                    : Of(field, "unencodable_text", Text($"the character U+{(int)c:X4} at {plan.ErrorIndex} cannot be sent on this channel; allowed are the characters of {options.Alphabets}"));
        }
    }

    private static string Unit(TextEncoding encoding) => encoding switch
    {
        TextEncoding.Gsm7 => "septets",
        TextEncoding.Ucs2 => "UTF-16 units",
        _ => "octets",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
