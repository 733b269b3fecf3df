using System.Globalization;
using System.Text.Json;

namespace Strowger.Server.Backup;

/// <summary>What a backup holds, after everything in it was read.</summary>
/// <param name="Manifest">The backup.</param>
/// <param name="Waiting">Jobs not at their end, by parts: a start goes on with them.</param>
/// <param name="Texts">Texts accepted within the history.</param>
/// <param name="Jobs">Jobs of other kinds.</param>
/// <param name="Channels">Of settings.db.</param>
/// <param name="Keys">API keys.</param>
/// <param name="Campaigns">Campaigns.</param>
/// <param name="Newest">Time of the last record.</param>
/// <param name="Problems">What is wrong, in words; empty when nothing is.</param>
internal sealed record BackupContents(
    BackupManifest Manifest, long Waiting, long Texts, long Jobs, long Channels, long Keys, long Campaigns, DateTimeOffset? Newest, IReadOnlyList<string> Problems)
{
    public bool IsWhole => Problems.Count == 0;

    public string InWords() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Backup of {Manifest.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, made by Strowger {Manifest.Program}: {Manifest.Files.Count} files, {ByteText.Of(Manifest.Bytes)}
          {Waiting:N0} jobs wait (texts by their parts, webhooks, jobs of others): a server that starts on it goes on with them
          {Texts:N0} texts and {Jobs:N0} other jobs in its history{(Newest is { } newest ? $", the last event of {newest.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "")}
          settings: {Channels:N0} channels, {Keys:N0} keys, {Campaigns:N0} campaigns
        """);

    public string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, Manifest.Time);
            json.WriteString("program"u8, Manifest.Program);
            json.WriteNumber("files"u8, Manifest.Files.Count);
            json.WriteNumber("bytes"u8, Manifest.Bytes);
            json.WriteNumber("jobs_waiting"u8, Waiting);
            json.WriteNumber("texts"u8, Texts);
            json.WriteNumber("other_jobs"u8, Jobs);
            json.WriteNumber("channels"u8, Channels);
            json.WriteNumber("keys"u8, Keys);
            json.WriteNumber("campaigns"u8, Campaigns);
            if (Newest is { } newest)
            {
                json.WriteString("newest"u8, newest);
            }

            json.WriteStartArray("problems"u8);
            foreach (var problem in Problems)
            {
                json.WriteStringValue(problem);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
