using System.Text.Json;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Server.Http.Json;
using Strowger.Smpp;

namespace Strowger.Server.Http.SmppClients;

/// <summary>A client of the SMPP door as the API shows it: how it stands, and its settings without the password.</summary>
internal static class SmppClientView
{
    public static void Write(Utf8JsonWriter writer, DoorClientInfo client)
    {
        var settings = client.Settings;
        writer.WriteStartObject();
        writer.WriteString("system_id"u8, settings.SystemId);
        writer.WriteBoolean("bound"u8, client.Binds.Count > 0);
        writer.WriteStartArray("binds"u8);
        foreach (var bind in client.Binds)
        {
            Write(writer, bind);
        }

        writer.WriteEndArray();
        writer.WriteNumber("max_binds"u8, settings.Binds);
        writer.WriteNumber("window"u8, settings.Window);
        writer.WriteNumberOrNull("rate"u8, settings.Rate);
        writer.WriteNumber("rate_used"u8, Math.Round(client.RateUsed, 3));
        writer.WriteTexts("allow"u8, settings.Allow.Select(network => network.ToString()));
        writer.WriteString("channel"u8, settings.Channel);
        writer.WriteString("priority"u8, settings.Priority.ToString().ToLowerInvariant());
        writer.WriteTexts("numbers"u8, settings.Numbers);
        writer.WriteNumber("accepted_total"u8, client.Accepted);
        writer.WriteNumber("refused_total"u8, client.Refused);
        writer.WriteNumber("throttled_total"u8, client.Throttled);
        Write(writer, client.LastRefusal);
        writer.WriteNumber("waiting"u8, client.Waiting);
        writer.WriteNumber("delivering"u8, client.Delivering);
        writer.WriteNumber("delivered_total"u8, client.Delivered);
        writer.WriteNumber("dropped_total"u8, client.Dropped);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, DoorBindInfo bind)
    {
        writer.WriteStartObject();
        writer.WriteString("mode"u8, bind.Mode);
        writer.WriteString("address"u8, bind.Remote);
        writer.WriteTime("since"u8, bind.Since);
        writer.WriteString("version"u8, $"{bind.Version >> 4}.{bind.Version & 0xF}");
        writer.WriteString("tls"u8, bind.Tls);
        writer.WriteNumber("in_flight"u8, bind.Unanswered);
        writer.WriteNumber("delivering"u8, bind.Delivering);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, DoorRefusal? refusal)
    {
        if (refusal is null)
        {
            writer.WriteNull("last_refusal"u8);
            return;
        }

        writer.WriteStartObject("last_refusal"u8);
        writer.WriteTime("time"u8, refusal.At);
        writer.WriteString("command_status"u8, CommandStatus.Name(refusal.Status));
        writer.WriteString("reason"u8, refusal.Reason);
        writer.WriteString("address"u8, refusal.Address);
        writer.WriteEndObject();
    }
}
