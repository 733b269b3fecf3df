using System.Text.Json;
using Strowger.Features.Access;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.SmppClients;

/// <summary>Who may bind to the SMPP door, and how they stand.</summary>
internal sealed class SmppClientEndpoints(HttpServices services)
{
    public IEnumerable<ApiRoute> Routes => [new("GET", "/v1/smpp/clients", Rights.ChannelsRead, ListAsync)];

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "limit", "cursor");
        var limit = query.Limit();
        var after = query.Text("cursor");
        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        var all = services.SmppClients();
        var from = after is null ? 0 : all.TakeWhile(client => client.Settings.SystemId != after).Count() + 1;
        var rows = all.Skip(from).Take(limit).ToArray();
        return PageAnswer.WriteAsync(context, rows, from + rows.Length < all.Count ? rows[^1].Settings.SystemId : null, Write);
    }

    private static void Write(Utf8JsonWriter writer, DoorClientInfo client)
    {
        var settings = client.Settings;
        writer.WriteStartObject();
        writer.WriteString("system_id"u8, settings.SystemId);
        writer.WriteBoolean("bound"u8, client.Binds.Count > 0);
        writer.WriteStartArray("binds"u8);
        foreach (var bind in client.Binds)
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

        writer.WriteEndArray();
        writer.WriteNumber("max_binds"u8, settings.Binds);
        writer.WriteNumber("window"u8, settings.Window);
        writer.WriteNumberOrNull("rate"u8, settings.Rate);
        writer.WriteNumber("rate_used"u8, Math.Round(client.RateUsed, 3));
        writer.WriteString("channel"u8, settings.Channel);
        writer.WriteString("priority"u8, settings.Priority.ToString().ToLowerInvariant());
        writer.WriteStartArray("numbers"u8);
        foreach (var number in settings.Numbers)
        {
            writer.WriteStringValue(number);
        }

        writer.WriteEndArray();
        writer.WriteNumber("accepted_total"u8, client.Accepted);
        writer.WriteNumber("refused_total"u8, client.Refused);
        writer.WriteNumber("throttled_total"u8, client.Throttled);
        writer.WriteNumber("waiting"u8, client.Waiting);
        writer.WriteNumber("delivering"u8, client.Delivering);
        writer.WriteNumber("delivered_total"u8, client.Delivered);
        writer.WriteNumber("dropped_total"u8, client.Dropped);
        writer.WriteEndObject();
    }
}
