using System.Globalization;

namespace Strowger.Features.Jobs;

/// <summary>The right to say what became of a job, as its holder sees it: opaque, and of that job only.</summary>
internal static class LeaseToken
{
    private const string Prefix = "lse_";

    public static string Of(int token) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{token:x}");

    /// <summary>0, which no lease has, when it is none.</summary>
    public static int Parse(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(text.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var token) ? token : 0;
}
