using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;

namespace Strowger.Server.Http.Access;

/// <summary>Tells who is at the other end of a Unix socket (unix(7), SO_PEERCRED): the kernel's word, at the time of connect.</summary>
internal static partial class ControlSocket
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>struct ucred: pid, uid, gid, 32 bits each.</summary>
    private const int CredentialBytes = 12;

    private static readonly object _itemKey = new();
    private static readonly uint _ownUid = EffectiveUid();

    /// <summary>True for the server's own user and root.</summary>
    public static bool IsTrusted(HttpContext context)
    {
        // A proxy in front that shares our user speaks for strangers.
        var headers = context.Request.Headers;
        if (context.Connection.RemoteIpAddress is not null || headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded"))
        {
            return false;
        }

        var items = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (items is not null && items.TryGetValue(_itemKey, out var known))
        {
            return (bool)known!;
        }

        var trusted = context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket && IsTrusted(socket);
        if (items is not null)
        {
            items[_itemKey] = trusted;
        }

        return trusted;
    }

    private static bool IsTrusted(Socket socket)
    {
        if (socket.LocalEndPoint is not UnixDomainSocketEndPoint)
        {
            return false;
        }

        Span<byte> credentials = stackalloc byte[CredentialBytes];
        if (socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) != CredentialBytes)
        {
            return false;
        }

        var uid = BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]);
        return uid == _ownUid || uid == 0;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUid();
}
