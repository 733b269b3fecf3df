using System.Text.Json;

namespace Strowger.Features.Messaging.Channels;

/// <summary>Whether a channel of these settings can be made at all.</summary>
internal static class ChannelCheck
{
    /// <summary>Null when it can.</summary>
    public static RequestError? Of(ChannelSettings settings)
    {
        if (settings.Kind == "smpp" && SmppChannel.OptionsFor(settings).Validate() is [var mistake, ..])
        {
            // Each begins with the setting's name.
            var field = JsonNamingPolicy.SnakeCaseLower.ConvertName(mistake[..mistake.IndexOf(' ', StringComparison.Ordinal)]);
            return new RequestError(422, "invalid_value", field, $"{field}: {mistake}.");
        }

        try
        {
            Channel.OptionsOf(settings).Check();
            return null;
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            var field = JsonNamingPolicy.SnakeCaseLower.ConvertName(wrong.ParamName!);
            return new RequestError(422, "invalid_value", field, $"{field}: {wrong.Message}");
        }
    }
}
