using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strowger.Simulators;

/// <summary>
/// Commands to a running carrier, one JSON object a line, one reply a line:
/// set (any setting by name), settings, disconnect (bind: n, "all", or absent for one at random), unbind, outage (seconds),
/// mo (from, to, text, system_id), report, reset, stop.
/// </summary>
public sealed class CarrierControl(CarrierSimulator carrier)
{
    /// <summary>Characters; longer lines are refused and end the conversation.</summary>
    public const int MaxLine = 64 * 1024;

    private static readonly JsonSerializerOptions Snake = new() 
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,

        // The lines go to programs, never into HTML: a plus sign may stay one.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Serves lines until the reader ends or the token is cancelled.</summary>
    public static async Task ServeAsync(TextReader reader, TextWriter writer, CarrierControl control, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(control);
        try
        {
            while (true)
            {
                // A console's ReadLineAsync blocks its thread, and reading it cannot be cancelled: it is left behind at the end.
                string? line = await Task.Run(() => ReadLine(reader), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
                if (line is null)
                {
                    return;
                }

                if (line.Length > 0)
                {
                    await writer.WriteLineAsync(control.Execute(line)).ConfigureAwait(false);
                    await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The other side is gone, or we stop: either way the conversation is over.
        }
    }

    /// <summary>Runs one command; never throws on bad input.</summary>
    public string Execute(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject command
                ? Run(command).ToJsonString(Snake)
                : Failure("a JSON object is expected").ToJsonString(Snake);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return Failure(e.Message).ToJsonString(Snake);
        }
    }

    private static string? ReadLine(TextReader reader)
    {
        var line = new System.Text.StringBuilder();
        while (true)
        {
            int c = reader.Read();
            if (c < 0)
            {
                return line.Length == 0 ? null : line.ToString();
            }

            if (c == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)c);
            if (line.Length > MaxLine)
            {
                throw new IOException("The line is too long.");
            }
        }
    }

    private JsonObject Run(JsonObject command)
    {
        switch ((string?)command["cmd"])
        {
            case "set":
                return Set(command);
            case "settings":
                return Success("settings", JsonSerializer.SerializeToNode(carrier.Settings, Snake)!.AsObject());
            case "report":
                return Success("report", JsonSerializer.SerializeToNode(carrier.Report(), Snake)!.AsObject());
            case "reset":
                carrier.ResetCounts();
                return Success("reset");
            case "disconnect":
                return Success("disconnect", new JsonObject { ["disconnected"] = carrier.Disconnect(BindOf(command["bind"])) });
            case "unbind":
                return Success("unbind", new JsonObject { ["unbound"] = carrier.UnbindAll() });
            case "outage":
                double seconds = (double?)command["seconds"] ?? 5;
                if (seconds is not (> 0 and <= 86_400))
                {
                    return Failure("seconds is 0 to 86400");
                }

                carrier.BeginOutage(TimeSpan.FromSeconds(seconds));
                return Success("outage");
            case "mo":
                return carrier.SendMo((string?)command["system_id"], (string?)command["from"] ?? "46700000000", (string?)command["to"] ?? "12345", (string?)command["text"] ?? "")
                    ? Success("mo")
                    : Failure("nobody has bound yet");
            case "stop":
                carrier.Stop();
                return Success("stop");
            default:
                return Failure("cmd is one of set, settings, report, reset, disconnect, unbind, outage, mo, stop");
        }
    }

    private JsonObject Set(JsonObject command)
    {
        List<string> errors = [];
        carrier.Change(settings =>
        {
            var changed = settings;
            foreach (var (name, value) in command)
            {
                if (name != "cmd" && !SettingsText.TryApply(changed, name, TextOf(value), out changed, out string? error))
                {
                    errors.Add(error!);
                }
            }

            return errors.Count == 0 ? changed : settings;
        });
        return errors.Count == 0 ? Success("set") : Failure(string.Join("; ", errors));
    }

    /// <summary>{"0x08":0.01} is the same as "0x08:0.01".</summary>
    private static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonObject shares => string.Join(',', shares.Select(s => $"{s.Key}:{TextOf(s.Value)}")),
        JsonValue v when v.TryGetValue(out string? text) => text,
        JsonValue v when v.TryGetValue(out double number) => number.ToString(CultureInfo.InvariantCulture),
        _ => value.ToJsonString(),
    };

    private static int? BindOf(JsonNode? bind) => bind switch
    {
        null => null,
        JsonValue v when v.TryGetValue(out string? text) && text == "all" => -1,
        _ => (int)bind is >= 0 and int index ? index : throw new FormatException("bind is a number from 0, or \"all\""),
    };

    private static JsonObject Success(string command, JsonObject? with = null)
    {
        var reply = with ?? [];
        reply.Insert(0, "ok", true);
        reply.Insert(1, "event", command);
        return reply;
    }

    private static JsonObject Failure(string error) => new() { ["ok"] = false, ["error"] = error };
}
