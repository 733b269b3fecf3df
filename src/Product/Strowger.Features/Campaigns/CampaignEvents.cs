using System.Buffers;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Campaigns;

/// <summary>This feature's kinds of facts in the event log; numbers are part of the journal's format. The data is a JSON object whose <c>id</c> is the campaign.</summary>
public static class CampaignEvents
{
    public const int Created = 100;
    public const int Paused = 101;
    public const int Resumed = 102;
    public const int Cancelled = 103;
    public const int Done = 104;
    public const int RateChanged = 105;

    /// <summary>As clients read it; null when it is none of these.</summary>
    public static string? TypeOf(int code) => code switch
    {
        Created => "campaign.created",
        Paused => "campaign.paused",
        Resumed => "campaign.resumed",
        Cancelled => "campaign.cancelled",
        Done => "campaign.done",
        RateChanged => "campaign.rate_changed",
        _ => null,
    };

    /// <summary>Writes a fact into the log; rides the next group commit.</summary>
    internal static long Append(JobEngine engine, int code, CampaignRecord campaign, string? by)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, new CampaignId(campaign.Id).ToString());
            writer.WriteString("name"u8, campaign.Name);
            writer.WriteNumber("rows"u8, campaign.Rows - campaign.BadRows);
            if (by is not null)
            {
                writer.WriteString("by"u8, by);
            }

            if (code == RateChanged && campaign.Rate is { } rate)
            {
                writer.WriteNumber("rate"u8, rate);
            }

            writer.WriteNumber("taken"u8, campaign.Passes.Sum(pass => pass.Taken));
            writer.WriteEndObject();
        }

        var batch = new EventBatch();
        batch.Add(default, code, buffer.WrittenSpan);
        return engine.Append(batch);
    }
}
