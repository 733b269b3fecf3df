using System.Globalization;

namespace Strowger.Server.ConsolePage;

/// <summary>The numbers of the channels' pages, as the stream tells them.</summary>
internal static class ChannelsTopic
{
    public static LiveTopic Topic { get; } = new("channels", Values, Shape);

    /// <summary>Names a channel in the page: a name may hold a point.</summary>
    public static string KeyOf(ChannelFlow channel) => "c-" + channel.Name.Replace('.', '_');

    public static string Drain(Language t, ChannelFlow c) =>
        c.Waiting == 0 ? "" : c.ExpectedRate is > 0 and var rate ? t.Duration(TimeSpan.FromSeconds(Math.Ceiling(c.Waiting / rate))) : "–";

    private static Dictionary<string, string> Values(LiveFrame frame, Language t)
    {
        var values = new Dictionary<string, string>();
        foreach (var c in frame.Flow!.Channels)
        {
            var key = KeyOf(c);
            values[key + ".used"] = t.Rate(c.Used);
            values[key + ".waiting"] = t.Count(c.Waiting);
            values[key + ".drain"] = Drain(t, c);
            values[key + ".flight"] = t.Count(c.InFlight);
            values[key + ".trip"] = c.RoundTripMs is { } trip ? t.Duration(TimeSpan.FromMilliseconds(trip)) : "";
            values[key + ".refused"] = t.Count(c.Refused);
            if (c.Rate is { } rate)
            {
                values[key + ".share:width"] = Bar.Width(c.Used / rate);
                values[key + ".percent"] = t.Percent(c.Used / rate);
            }

            foreach (var bind in c.Binds)
            {
                var number = key + "." + bind.Number.ToString(CultureInfo.InvariantCulture);
                values[number] = t.Count(bind.InFlight);
                values[number + ".used"] = t.Rate(bind.Used);
            }
        }

        return values;
    }

    /// <summary>States, settings, and whether anything waits: the sentence speaks of them.</summary>
    private static string Shape(LiveFrame frame)
    {
        var hash = default(HashCode);
        foreach (var c in frame.Flow!.Channels)
        {
            hash.Add(c.Name);
            hash.Add(c.State);
            hash.Add(c.Reason);
            hash.Add(c.Rate);
            hash.Add(c.Width);
            hash.Add(c.IsThrottled);
            hash.Add(c.IsStuck);
            hash.Add(c.Waiting > 0);
            foreach (var bind in c.Binds)
            {
                hash.Add(bind.State);
            }
        }

        // The sentence's own numbers are said anew every ten seconds.
        hash.Add(frame.View!.TimeMs / 10_000);
        return hash.ToHashCode().ToString(CultureInfo.InvariantCulture);
    }
}
