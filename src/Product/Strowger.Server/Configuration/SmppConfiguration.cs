using System.Net;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Smpp;

namespace Strowger.Server.Configuration;

/// <summary>The SMPP door: where it is and who may bind.</summary>
public sealed record SmppConfiguration
{
    /// <summary>Null: there is no door. Port 0 takes a free one.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>PEM file, its chain behind it; null is in the clear.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file of the certificate's key, when it is not in the same file.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<SmppClientConfiguration> Clients { get; init; } = [];

    /// <summary>As the door takes it; null when there is none.</summary>
    /// <param name="clients">Who may bind: those of the file, and what was changed live.</param>
    /// <exception cref="IOException">The certificate cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It is none any more.</exception>
    public SmppDoorOptions? ToOptions(IReadOnlyList<DoorClientSettings> clients) => Listen is null ? null : new SmppDoorOptions
    {
        Listen = Listen,
        Tls = Certificate is null ? null : SmppServerTls.Load(Certificate, CertificateKey),
        Clients = clients,
    };
}

/// <summary>A program or gateway that may bind.</summary>
public sealed record SmppClientConfiguration
{
    /// <summary>1 to 15 characters.</summary>
    public required string SystemId { get; init; }

    /// <summary>Null when <see cref="PasswordFile"/> or <see cref="PasswordHash"/> says it.</summary>
    public string? Password { get; init; }

    /// <summary>As it is kept when it was set live.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Its first line is the password, read at the start.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Default 4, 1 to 64.</summary>
    public int Binds { get; init; } = 4;

    /// <summary>Parts a second over all binds; null = unlimited.</summary>
    public double? Rate { get; init; }

    /// <summary>Default and most 1000.</summary>
    public int Window { get; init; } = DoorLimits.MaxWindow;

    /// <summary>Addresses it may come from; empty: any.</summary>
    public IReadOnlyList<IPNetwork> Allow { get; init; } = [];

    /// <summary>The channel its texts go by; null = by their number.</summary>
    public string? Channel { get; init; }

    /// <summary>The lane of texts with priority_flag 0. Default normal.</summary>
    public MessagePriority Priority { get; init; } = MessagePriority.Normal;

    /// <summary>Incoming texts to numbers that begin with one of these go to it.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = [];

    /// <summary>The password from where it is kept.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string ReadPassword() => PasswordFile is null ? Password ?? "" : File.ReadLines(PasswordFile).FirstOrDefault()?.TrimEnd('\r') ?? "";

    /// <summary>Without the password, which must reach no log.</summary>
    public override string ToString() => SystemId;

    /// <summary>As the door takes it.</summary>
    /// <exception cref="IOException">The password file cannot be read.</exception>
    internal DoorClientSettings ToSettings() => new()
    {
        SystemId = SystemId,
        Password = PasswordHash is null ? ReadPassword() : null,
        PasswordHash = PasswordHash,
        Binds = Binds,
        Rate = Rate,
        Window = Window,
        Allow = Allow,
        Channel = Channel,
        Priority = Priority,
        Numbers = Numbers,
    };
}
