using System.Globalization;

namespace Strowger.Simulators;

/// <summary>Settings by name and text, for the command line and for control lines. Names in any of rate-x, rate_x, RateX.</summary>
public static class SettingsText
{
    /// <summary>False when the name or the value is not known; then <paramref name="error"/> says what is allowed.</summary>
    public static bool TryApply(CarrierSettings settings, string name, string value, out CarrierSettings changed, out string? error)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        var parse = new ValueParser(value);
        string key = Plain(name);
        changed = key switch
        {
            "rate" => settings with { Rate = parse.Number(0, 10_000_000) },
            "bucket" => settings with { Bucket = parse.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)) },
            "sourcerate" => settings with { SourceRate = parse.Number(0, 10_000_000) },
            "sourceday" => settings with { SourceDay = (long)parse.Number(0, 1_000_000_000) },
            "window" => settings with { Window = (int)parse.Number(0, 10_000) },
            "windowcloses" => settings with { WindowCloses = parse.Flag() },
            "delay" => settings with { Delay = parse.Time(TimeSpan.Zero, TimeSpan.FromHours(1)) },
            "jitter" => settings with { Jitter = parse.Time(TimeSpan.Zero, TimeSpan.FromHours(1)) },
            "receiptdelay" => settings with { ReceiptDelay = parse.Time(TimeSpan.Zero, TimeSpan.FromDays(1)) },
            "receiptjitter" => settings with { ReceiptJitter = parse.Time(TimeSpan.Zero, TimeSpan.FromDays(1)) },
            "receiptshare" => settings with { ReceiptShare = parse.Number(0, 1) },
            "failshare" => settings with { FailShare = parse.Number(0, 1) },
            "receiptids" when Plain(value) == "receiptfirst" => settings with { ReceiptFirst = true },
            "receiptids" => settings with { ReceiptIds = parse.Word<ReceiptIdQuirk>() },
            "receiptfirst" => settings with { ReceiptFirst = parse.Flag() },
            "receiptformat" => settings with { ReceiptFormat = parse.Word<ReceiptFormat>() },
            "meandisconnect" => settings with { MeanDisconnect = parse.Time(TimeSpan.Zero, TimeSpan.FromDays(1)) },
            "blackhole" => settings with { BlackHole = parse.Flag() },
            "refusebinds" => settings with { RefuseBinds = parse.Status() },
            "readdelay" => settings with { ReadDelay = parse.Time(TimeSpan.Zero, TimeSpan.FromHours(1)) },
            "errors" => settings with { Errors = parse.Shares() },
            "congestion" when Plain(value) == "none" => settings with { Congestion = null },
            "congestion" => settings with { Congestion = (byte)parse.Number(0, 100) },
            "morate" => settings with { MoRate = parse.Number(0, 100_000) },
            "keybytoken" => settings with { KeyByToken = parse.Flag() },
            _ => Unknown(settings, parse),
        };
        error = parse.Error is null ? null : $"{name} is \"{value}\"; allowed is {parse.Error}";
        if (error is not null)
        {
            changed = settings;
        }

        return error is null;
    }

    /// <summary>Reads 10s:5s,60s:2s: from when after the start, for how long, in rising order.</summary>
    public static bool TryParseOutages(string text, out IReadOnlyList<(TimeSpan At, TimeSpan For)> outages)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<(TimeSpan At, TimeSpan For)> found = [];
        outages = found;
        foreach (string item in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = item.Split(':');
            if (pair.Length != 2 || !ValueParser.TryParseTime(pair[0], out var at) || !ValueParser.TryParseTime(pair[1], out var length)
                || length <= TimeSpan.Zero || (found.Count > 0 && at < found[^1].At))
            {
                return false;
            }

            found.Add((at, length));
        }

        return true;
    }

    internal static string Plain(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static CarrierSettings Unknown(CarrierSettings settings, ValueParser parse)
    {
        parse.Error = "no setting of this name";
        return settings;
    }

    /// <summary>One value; remembers what was allowed when it does not fit.</summary>
    private sealed class ValueParser(string text)
    {
        public string? Error { get; set; }

        public double Number(double min, double max)
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= min && number <= max)
            {
                return number;
            }

            Error = string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");
            return 0;
        }

        public bool Flag()
        {
            switch (text.ToLowerInvariant())
            {
                case "true" or "1" or "yes" or "on" or "":
                    return true;
                case "false" or "0" or "no" or "off":
                    return false;
                default:
                    Error = "true or false";
                    return false;
            }
        }

        public TimeSpan Time(TimeSpan min, TimeSpan max)
        {
            if (TryParseTime(text, out var time) && time >= min && time <= max)
            {
                return time;
            }

            Error = $"a time such as 100ms, 5s, 2m from {min} to {max}";
            return TimeSpan.Zero;
        }

        public T Word<T>()
            where T : struct, Enum
        {
            if (!text.All(char.IsDigit) && Enum.TryParse<T>(Plain(text), ignoreCase: true, out var word))
            {
                return word;
            }

            Error = "one of " + string.Join(", ", Enum.GetNames<T>());
            return default;
        }

        public uint Status()
        {
            if (TryParseStatus(text, out uint status))
            {
                return status;
            }

            Error = "a command_status such as 8 or 0x0E, 0 for none";
            return 0;
        }

        /// <summary>0x08:0.01,0x45:0.02</summary>
        public List<(uint Status, double Share)> Shares()
        {
            List<(uint, double)> shares = [];
            foreach (string item in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                string[] pair = item.Split(':');
                if (pair.Length != 2 || !TryParseStatus(pair[0], out uint status)
                    || !double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double share) || share is < 0 or > 1)
                {
                    Error = "status:share pairs such as 0x08:0.01,0x45:0.02";
                    return [];
                }

                shares.Add((status, share));
            }

            return shares;
        }

        private static bool TryParseStatus(string text, out uint status) =>
            text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                ? uint.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out status)
                : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status);

        public static bool TryParseTime(string text, out TimeSpan time)
        {
            var (unit, milliseconds) = text switch
            {
                _ when text.EndsWith("ms", StringComparison.Ordinal) => ("ms", 1.0),
                _ when text.EndsWith('s') => ("s", 1000.0),
                _ when text.EndsWith('m') => ("m", 60_000.0),
                _ when text.EndsWith('h') => ("h", 3_600_000.0),
                _ => ("", 1.0),
            };
            bool good = double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && number is >= 0 and <= 1e9;
            time = good ? TimeSpan.FromMilliseconds(number * milliseconds) : default;
            return good;
        }
    }
}
