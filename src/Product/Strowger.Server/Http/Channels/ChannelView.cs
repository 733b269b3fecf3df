using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Json;

namespace Strowger.Server.Http.Channels;

/// <summary>A channel as the API shows it: how it stands, and its settings without the password.</summary>
internal sealed class ChannelView(HttpServices services)
{
    public void Write(Utf8JsonWriter writer, Channel channel)
    {
        var settings = channel.Settings;
        var info = channel.Stage.GetInfo();
        var (state, reason) = channel.State;
        writer.WriteStartObject();
        writer.WriteString("name"u8, channel.Name);
        writer.WriteString("kind"u8, settings.Kind);
        writer.WriteString("state"u8, state);
        writer.WriteString("reason"u8, reason);
        writer.WriteStartArray("binds"u8);
        foreach (var bind in channel.Binds)
        {
            Write(writer, bind);
        }

        writer.WriteEndArray();
        writer.WriteNumber("width"u8, info.Width);
        writer.WriteNumber("in_flight"u8, info.InFlight);
        writer.WriteNumberOrNull("rate"u8, info.Rate);
        writer.WriteNumberOrNull("rate_effective"u8, info.RateEffective is { } rate ? Math.Round(rate, 3) : null);
        writer.WriteNumber("rate_used"u8, Math.Round(info.RateUsed, 3));
        writer.WriteNumber("refused_total"u8, info.Refused);
        writer.WriteNumberOrNull("congestion_state"u8, channel.Congestion?.State);
        writer.WriteTime("congestion_at"u8, channel.Congestion?.At);
        var backlog = info.Ready.Sum();
        writer.WriteNumber("backlog"u8, backlog);
        writer.WriteTime("drain_eta"u8, DrainEta(channel, info, backlog));
        WriteSettings(writer, channel, settings);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, BindInfo bind)
    {
        writer.WriteStartObject();
        writer.WriteNumber("number"u8, bind.Number);
        writer.WriteString("state"u8, bind.State);
        writer.WriteString("reason"u8, bind.Reason);
        writer.WriteTime("since"u8, bind.Since);
        writer.WriteNumber("in_flight"u8, bind.InFlight);
        writer.WriteNumber("window"u8, bind.Window);
        writer.WriteNumber("bound_times"u8, bind.Binds);
        writer.WriteString("tls"u8, bind.Tls);
        writer.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter writer, Channel channel, ChannelSettings settings)
    {
        if (settings.Kind == "smpp")
        {
            writer.WriteString("host"u8, settings.Host);
            writer.WriteNumber("port"u8, settings.Port);
            writer.WriteString("system_id"u8, settings.SystemId);
            writer.WriteString("system_type"u8, settings.SystemType);
            writer.WriteBoolean("tls"u8, settings.Tls);
            writer.WriteString("tls_server_name"u8, settings.TlsServerName);
            writer.WriteString("tls_trusted_certificate"u8, settings.TlsTrustedCertificate);
            writer.WriteStartArray("national_languages"u8);
            foreach (var language in settings.NationalLanguages)
            {
                writer.WriteStringValue(NationalLanguageCodes.Of(language));
            }

            writer.WriteEndArray();
            writer.WriteString("long_messages"u8, settings.LongMessages switch { LongMessages.Sar => "sar"u8, LongMessages.Payload => "payload"u8, _ => "udh"u8 });
            writer.WriteNumber("window"u8, settings.Window);
            writer.WriteString("enquire_link"u8, DurationText.ToText(settings.EnquireLinkInterval));
            writer.WriteString("response_timeout"u8, DurationText.ToText(settings.ResponseTimeout));
        }

        writer.WriteNumberOrNull("price"u8, (double?)settings.Price);
        writer.WriteString("bucket"u8, DurationText.ToText(settings.Bucket));
        writer.WriteStartArray("prefixes"u8);
        foreach (var prefix in settings.Prefixes)
        {
            writer.WriteStringValue(prefix);
        }

        writer.WriteEndArray();
        LimitView.Write(writer, channel);
        writer.WriteString("when_unsure"u8, settings.WhenUnsure == WhenUnsure.Hold ? "hold"u8 : "resend"u8);
        writer.WriteString("inbound_url"u8, settings.InboundUrl);
        writer.WriteNumber("max_parts"u8, settings.MaxParts);
        writer.WriteBoolean("latin1"u8, settings.Latin1);
        writer.WriteBoolean("paused"u8, settings.Paused);
    }

    /// <summary>When the last of what waits leaves, with all channels of its routes at work; null when nothing waits or it is paused.</summary>
    private DateTimeOffset? DrainEta(Channel channel, StageInfo info, long backlog)
    {
        if (backlog == 0 || info.IsPaused)
        {
            return null;
        }

        var routes = services.Messaging.Channels.Routes;
        var longest = TimeSpan.Zero;
        foreach (var route in routes.All)
        {
            if (route.Channels.Contains(channel.Name))
            {
                longest = Longer(longest, services.Messaging.Eta.Of(route, Lane.Bulk));
            }
        }

        if (routes.Pinned(channel.Name) is { } pinned)
        {
            longest = Longer(longest, services.Messaging.Eta.Of(pinned, Lane.Bulk));
        }

        return services.Time.GetUtcNow() + longest;
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
