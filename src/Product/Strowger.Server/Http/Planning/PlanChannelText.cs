using System.Globalization;
using Strowger.Features.Planning;
using Strowger.Server.Configuration;

namespace Strowger.Server.Http.Planning;

/// <summary>A channel of a plan in one word: <c>[NAME=]RATE/BINDS/WINDOW/LATENCY[/BUCKET]</c>, such as <c>carrier-a=200/2/50/80ms</c>.</summary>
internal static class PlanChannelText
{
    public const string Form = "[NAME=]RATE/BINDS/WINDOW/LATENCY[/BUCKET], such as carrier-a=200/2/50/80ms; a RATE of - is unlimited";

    /// <summary>Null when it is not of that form; ranges are the plan's to check.</summary>
    public static PlanChannel? Parse(string text, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"channel-{number}");
        if (text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
        {
            (name, text) = (text[..at], text[(at + 1)..]);
        }

        var fields = text.Split('/');
        double? rate = null;
        if (fields.Length is < 1 or > 5 || name.Length > 50 || (fields[0] != "-" && !TryNumber(fields[0], out rate)))
        {
            return null;
        }

        var channel = new PlanChannel { Name = name, Rate = rate };
        if ((fields.Length > 1 && !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            || (fields.Length > 2 && !int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            || (fields.Length > 3 && !DurationText.TryParse(fields[3], out _))
            || (fields.Length > 4 && !DurationText.TryParse(fields[4], out _)))
        {
            return null;
        }

        return channel with
        {
            Binds = fields.Length > 1 ? int.Parse(fields[1], CultureInfo.InvariantCulture) : channel.Binds,
            Window = fields.Length > 2 ? int.Parse(fields[2], CultureInfo.InvariantCulture) : channel.Window,
            Latency = fields.Length > 3 && DurationText.TryParse(fields[3], out var latency) ? latency : channel.Latency,
            Bucket = fields.Length > 4 && DurationText.TryParse(fields[4], out var bucket) ? bucket : channel.Bucket,
        };
    }

    private static bool TryNumber(string text, out double? value)
    {
        var ok = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        value = number;
        return ok;
    }
}
