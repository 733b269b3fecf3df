using Strowger.Features.Messaging.SmppDoor;

namespace Strowger.Server.ConsolePage;

/// <summary>Does everybody who should be bound, and are their receipts taken?</summary>
internal static class SmppClientsSentence
{
    public static Sentence Of(Language t, bool hasDoor, IReadOnlyList<DoorClientInfo> clients)
    {
        if (!hasDoor)
        {
            return new SentenceBuilder(Tone.Calm).Say(t["No program can bind here: the SMPP door is not open."])
                .Detail(t["Set Smpp:Listen in the configuration, such as 127.0.0.1:2775, and start the server again."]).Build();
        }

        if (clients.Count == 0)
        {
            return new SentenceBuilder(Tone.Calm).Say(t["Nobody may bind yet."])
                .Detail(t["Programs and gateways that speak SMPP hand in texts here as they would to a carrier."]).Build();
        }

        var away = clients.Where(client => client.Binds.Count == 0).ToArray();
        var builder = new SentenceBuilder(away.Any(client => client.Waiting > 0) ? Tone.Attention : Tone.Calm)
            .Figure(t["{0} of {1}", t.Count(clients.Count - away.Length), t.Count(clients.Count)]).Say(t[" clients are bound."]);
        return builder.Detail(away.Length == 0 ? null : t["Not bound: {0}.", t.List([.. away.Select(client => client.Settings.SystemId)])]).Build();
    }
}
