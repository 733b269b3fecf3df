using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli;

/// <summary>Options that are durations: 100ms, 5s, 2m; a bare number is seconds.</summary>
internal static class DurationOption
{
    public static Option<TimeSpan?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = Parse,
    };

    private static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (DurationText.TryParse(text, out var duration))
        {
            return duration;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < int.MaxValue)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        result.AddError($"'{text}' is no duration; allowed is {DurationText.Form}.");
        return null;
    }
}
