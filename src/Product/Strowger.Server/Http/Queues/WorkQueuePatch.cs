using System.Text.Json;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Json;

namespace Strowger.Server.Http.Queues;

/// <summary>How a queue of jobs is drained, as it is shown and changed. A queue of texts is drained as its channels are.</summary>
internal static class WorkQueuePatch
{
    internal const int MaxWidth = 1_000_000;
    internal const double MinRate = 0.001;
    internal const double MaxRate = 10_000_000;

    public static readonly string[] Fields = ["width", "rate", "flow_width", "max_attempts"];

    /// <summary>Null when nothing of it is asked for, or something is wrong with it.</summary>
    public static QueueSettings? Read(RequestObject body, WorkQueue? queue)
    {
        var asked = Fields.Where(body.Has).ToArray();
        if (asked.Length == 0)
        {
            return null;
        }

        if (queue is null)
        {
            body.Fail("invalid_value", asked[0], "width and rate of a queue of texts belong to the channels that drain it: change those of /v1/channels/{name}");
            return null;
        }

        var old = queue.Settings;
        var rate = body.Number("rate", 0, MaxRate);
        if (rate is > 0 and < MinRate)
        {
            body.Fail("out_of_range", "rate", "allowed is 0 (unlimited) or a number from 0.001 to 10,000,000 a second");
        }

        var flowWidth = body.Integer("flow_width", 0, MaxWidth);
        return new QueueSettings
        {
            Width = (int?)body.Integer("width", 0, MaxWidth) ?? old.Width,
            Rate = rate is null ? old.Rate : rate > 0 ? rate : null,
            FlowWidth = flowWidth is null ? old.FlowWidth : flowWidth > 0 ? (int)flowWidth : null,
            MaxAttempts = (int?)body.Integer("max_attempts", 1, byte.MaxValue) ?? old.MaxAttempts,
        };
    }

    public static void Write(Utf8JsonWriter writer, WorkQueue queue)
    {
        var stage = queue.Stage.GetInfo();
        writer.WriteNumber("width"u8, stage.Width);
        writer.WriteNumberOrNull("rate"u8, stage.Rate);
        writer.WriteNumber("rate_used"u8, Math.Round(stage.RateUsed, 3));
        writer.WriteNumberOrNull("flow_width"u8, queue.Settings.FlowWidth);
        writer.WriteNumber("max_attempts"u8, queue.Stage.Options.MaxAttempts);
        writer.WriteNumber("workers_waiting"u8, queue.Waiting);
    }
}
