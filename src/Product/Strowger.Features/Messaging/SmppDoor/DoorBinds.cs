using System.Net;
using Strowger.Features.Access;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>Decides about binds: who it is, from where, and whether there is room. A password that takes long to check is checked beside the receive loop.</summary>
internal sealed class DoorBinds(MessagingService messaging, DoorClients clients, bool hasTls, Action<string, string> onRefused)
{
    private readonly FailedAttempts _failures = new(messaging.Time);

    /// <summary>How often an address without TLS is told of: it may come again at once for ever.</summary>
    private readonly FailedAttempts _told = new(messaging.Time);

    /// <returns>The command_status to answer; null when the answer comes later.</returns>
    public uint? Decide(SmppServerSession session, in BindRequest bind)
    {
        var address = session.Remote?.Address;
        if (!_failures.MayTry(address, out _))
        {
            return CommandStatus.BindFailed;
        }

        var member = clients.Find(session.SystemId);
        var isRight = clients.Secrets.IsRight(member?.Client.Secret, bind.Password);
        if (member is null)
        {
            _failures.Failed(address);
            onRefused($"an unknown client at {address}", "there is no such SystemId");
            return CommandStatus.InvalidPassword;
        }

        // Known to the client from here on: if the connection goes while its password is looked at, nothing stays behind.
        var mine = new DoorSession(member.Client, member.Delivery, session, messaging.Time.GetUtcNow());
        session.Tag = mine;
        if (isRight is not null)
        {
            return Decide(mine, isRight, address);
        }

        var given = bind.Password.ToArray();
        _ = Task.Run(async () =>
        {
            uint status = CommandStatus.BindFailed;
            try
            {
                var isRight = await clients.Secrets.VerifyAsync(mine.Secret, given).ConfigureAwait(false);

                // Many at once are no way around the limit: what was guessed beyond it is not told.
                status = _failures.MayTry(address, out _) ? Decide(mine, isRight, address) : CommandStatus.BindFailed;
            }
            catch (ObjectDisposedException)
            {
                // The door is closed already.
            }

            session.AnswerBind(status);
        });
        return null;
    }

    /// <summary>A connection ended that never came to a bind.</summary>
    public void Gone(SmppServerSession session, string reason)
    {
        var address = session.Remote?.Address;
        if (hasTls && session.TlsVersion is null && reason != SmppServerTls.LeftEarly && _told.MayTry(address, out _))
        {
            _told.Failed(address);
            onRefused($"a client at {address}", reason);
        }
    }

    private uint Decide(DoorSession mine, bool? isRight, IPAddress? address)
    {
        if (isRight is null)
        {
            return Refuse(mine, CommandStatus.BindFailed, DoorRefusal.TooManyChecks, address);
        }

        if (isRight is false || !mine.Client.MayCome(address))
        {
            _failures.Failed(address);
            return Refuse(mine, CommandStatus.InvalidPassword, isRight.Value ? DoorRefusal.WrongAddress : DoorRefusal.WrongPassword, address);
        }

        if (!mine.Client.TryReserve(mine))
        {
            return Refuse(mine, CommandStatus.BindFailed, DoorRefusal.TooManyBinds, address);
        }

        // Its flow is this client's from now on: it is not given back.
        mine.Intake = messaging.Rent();
        mine.Intake.Account = mine.Intake.FlowName = mine.Client.Account;
        return CommandStatus.Ok;
    }

    private uint Refuse(DoorSession mine, uint status, string reason, IPAddress? address)
    {
        mine.Client.NoteRefusedBind(status, reason, address);
        var settings = mine.Client.Settings;
        onRefused($"{settings.SystemId} at {address}", reason == DoorRefusal.TooManyBinds ? $"it has {settings.Binds} binds already, as many as Binds allows" : reason);
        return status;
    }
}
