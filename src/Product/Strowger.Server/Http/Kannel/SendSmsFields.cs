using System.Globalization;

namespace Strowger.Server.Http.Kannel;

/// <summary>The numbers among the arguments, within the bounds that Kannel sets. -1 is not given.</summary>
internal sealed record SendSmsFields
{
    /// <summary>A year: what is longer is a mistake.</summary>
    private const int MaxMinutes = 366 * 24 * 60;

    private const int NotGiven = -1;

    /// <summary>0: 7 bit, 1: octets, 2: UCS-2.</summary>
    public int Coding { get; private init; }

    public int Priority { get; private init; }

    public int ValidityMinutes { get; private init; }

    public int DeferredMinutes { get; private init; }

    public int DlrMask { get; private init; }

    public string? DlrUrl { get; private init; }

    public static SendSmsFields Read(CgiArguments arguments, out string? wrong)
    {
        var fields = new SendSmsFields
        {
            DlrMask = Number(arguments, "dlr-mask", "dlrmask"),
            Coding = Number(arguments, "coding"),
            Priority = Number(arguments, "priority"),
            ValidityMinutes = Number(arguments, "validity"),
            DeferredMinutes = Number(arguments, "deferred"),
            DlrUrl = (arguments.Text("dlr-url") ?? arguments.Text("dlrurl")) is { Length: > 0 } url ? url : null,
        };
        wrong = Out(fields.DlrMask, 66, "DLR-Mask")
            ?? Out(Number(arguments, "mclass"), 3, "MClass") ?? Carried(arguments, "mclass", NotGiven, "MClass")
            ?? Out(Number(arguments, "pid"), 255, "PID") ?? Carried(arguments, "pid", 0, "PID")
            ?? Out(Number(arguments, "mwi"), 7, "MWI") ?? Carried(arguments, "mwi", NotGiven, "MWI")
            ?? Out(fields.Coding, 2, "Coding")
            ?? Out(Number(arguments, "compress"), 1, "Compress") ?? Carried(arguments, "compress", 0, "Compress")
            ?? Out(fields.ValidityMinutes, MaxMinutes, "Validity")
            ?? Out(fields.DeferredMinutes, MaxMinutes, "Deferred")
            ?? Out(fields.Priority, 3, "Priority");
        return fields;
    }

    /// <summary>As C's sscanf("%d") reads it: leading digits count; nothing to read is nothing given.</summary>
    private static int Number(CgiArguments arguments, params ReadOnlySpan<string> names)
    {
        string? text = null;
        foreach (var name in names)
        {
            text ??= arguments.Text(name);
        }

        var trimmed = (text ?? string.Empty).TrimStart();
        var end = trimmed.StartsWith('-') || trimmed.StartsWith('+') ? 1 : 0;
        while (end < trimmed.Length && char.IsAsciiDigit(trimmed[end]))
        {
            end++;
        }

        return int.TryParse(trimmed.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : end > 1 ? int.MaxValue
            : NotGiven;
    }

    private static string? Out(int value, int most, string name) => value is < NotGiven || value > most ? $"{name} field misformed, rejected" : null;

    /// <summary>What would change the text and is not carried is refused, not dropped.</summary>
    private static string? Carried(CgiArguments arguments, string name, int harmless, string shown) =>
        Number(arguments, name) > harmless ? $"{shown} field is not carried by this gateway, rejected" : null;
}
