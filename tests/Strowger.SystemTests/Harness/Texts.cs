using System.Globalization;

namespace Strowger.SystemTests.Harness;

/// <summary>Texts to send, each with a token that tells it apart at the simulated carrier.</summary>
internal static class Texts
{
    /// <summary>Swedish numbers unless another prefix is given.</summary>
    public static string To(int token, string prefix = "4670") => string.Create(CultureInfo.InvariantCulture, $"+{prefix}{token:D7}");

    public static string Text(int token) => string.Create(CultureInfo.InvariantCulture, $"Hello from the system tests #{token}");

    public static string Line(int token, string prefix = "4670", string? more = null) => Api.Message(To(token, prefix), Text(token), more);

    public static IEnumerable<string> Lines(int first, int count, string prefix = "4670", string? more = null) =>
        Enumerable.Range(first, count).Select(token => Line(token, prefix, more));
}
