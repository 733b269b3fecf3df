using Strowger.Features.Campaigns;
using Strowger.Features.Messaging;
using Strowger.Records.Campaigns;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Campaigns;

/// <summary>The part <c>campaign</c> of a request: what is asked for, in JSON.</summary>
internal static class CampaignRequest
{
    public const double MinRate = 0.001;
    public const double MaxRate = 10_000_000;
    private const int MaxFrom = 64;
    private const int MaxZone = 64;

    /// <summary>Null with the problem when it cannot be read.</summary>
    public static CampaignSpec? Read(ReadOnlyMemory<byte> json, out Problem? problem)
    {
        var body = RequestObject.Parse(json, "name", "from", "text", "channel", "rate", "window");
        var spec = new CampaignSpec
        {
            Name = body.Required("name", CampaignLimits.MaxName, $"1 to {CampaignLimits.MaxName} characters to find it by"),
            From = body.Required("from", MaxFrom, "an E.164 number, a short code or a name of at most 11 characters"),
            Text = body.Required("text", MessageLimits.MaxTextChars, "the text, with columns of the file in braces such as {name}"),
            Channel = body.Text("channel", MessageLimits.MaxChannel),
            Rate = body.Number("rate", MinRate, MaxRate),
            Hours = ReadWindow(body),
        };
        problem = body.Problem;
        return problem is null ? spec : null;
    }

    private static CampaignHours? ReadWindow(RequestObject body)
    {
        if (body.Object("window", "start", "end", "time_zone") is not { } window)
        {
            return null;
        }

        var start = window.Required("start", 5, "a time of day such as 09:00");
        var end = window.Required("end", 5, "a time of day such as 20:00");
        var zone = window.Required("time_zone", MaxZone, "a name of the IANA database such as Europe/Stockholm");
        if (window.Problem is { } problem)
        {
            body.Fail(problem.Error.Code, "window." + problem.Field, problem.Detail);
            return null;
        }

        var hours = Hours.Read(start, end, zone, out var error);
        if (error is not null)
        {
            body.Fail(error.Code, error.Field!, error.Detail);
        }

        return hours;
    }
}
