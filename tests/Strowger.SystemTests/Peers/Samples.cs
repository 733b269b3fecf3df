using System.Globalization;

namespace Strowger.SystemTests.Peers;

/// <summary>Texts in all the forms that go over SMPP: one part and several, GSM 7-bit with and without its extension, UCS-2.</summary>
internal static class Samples
{
    private static readonly Func<int, string>[] _forms =
    [
        n => $"Plain text #{n}",
        n => $"Extended {{[~]}} and € #{n}",
        n => $"Ünïcödé по-русски #{n}",
        n => $"Emoji \U0001F4DE and 漢字 #{n}",
        n => $"{string.Concat(Enumerable.Repeat("A long one goes in parts. ", 12))}#{n}",
        n => $"{string.Concat(Enumerable.Repeat("Длинное сообщение. ", 9))}#{n}",
    ];

    public static int Forms => _forms.Length;

    public static string Text(int n) => _forms[n % _forms.Length](n);

    public static string To(int n) => string.Create(CultureInfo.InvariantCulture, $"4670{n:D7}");

    /// <summary>Submits that a text takes.</summary>
    public static int Parts(int n) => (n % _forms.Length) switch
    {
        4 => 3,
        5 => 3,
        _ => 1,
    };
}
