using System.Globalization;

namespace Strowger.Load.Reports;

/// <summary>Figures as people read them.</summary>
internal static class Words
{
    public static string Count(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    public static string PerSecond(double number) => Text($"{(number < 100 ? number.ToString("0.0", CultureInfo.InvariantCulture) : Count(number))}/s");

    public static string Milliseconds(double number) => Text($"{number.ToString(number < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture)} ms");

    public static string Bytes(double number) => number switch
    {
        >= 1e9 => Text($"{number / 1e9:0.00} GB"),
        >= 1e6 => Text($"{number / 1e6:0} MB"),
        _ => Text($"{number:0} B"),
    };

    public static string Percent(double share) => Text($"{share * 100:0.00} %");

    public static string Text(FormattableString text) => FormattableString.Invariant(text);
}
