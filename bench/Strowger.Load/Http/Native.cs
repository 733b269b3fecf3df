using System.Runtime.InteropServices;

namespace Strowger.Load.Http;

/// <summary>epoll(7), send(2) and recv(2): one thread serves all connections of a load and leaves the cores to what is measured.</summary>
internal static partial class Native
{
    public const uint In = 1;
    public const int AddToSet = 1;
    public const int DontWait = 0x40;
    public const int NoSignal = 0x4000;
    public const int WouldBlock = 11;
    public const int Interrupted = 4;
    private const int CloseOnExec = 0x80000;

    /// <summary>struct epoll_event is packed on x86-64 only.</summary>
    public static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static readonly int _dataOffset = EventBytes - 8;

    public static int CreateSet() => Check(epoll_create1(CloseOnExec), "epoll_create1");

    /// <summary>Watches a socket for input; the number comes back with its events.</summary>
    public static void Add(int set, int socket, int number)
    {
        Span<byte> item = stackalloc byte[16];
        item.Clear();
        BitConverter.TryWriteBytes(item, In);
        BitConverter.TryWriteBytes(item[_dataOffset..], (long)number);
        Check(epoll_ctl(set, AddToSet, socket, ref item[0]), "epoll_ctl");
    }

    /// <returns>How many events there are.</returns>
    public static int Wait(int set, Span<byte> events, int milliseconds)
    {
        var count = epoll_wait(set, ref events[0], events.Length / EventBytes, milliseconds);
        return count < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : Check(count, "epoll_wait");
    }

    public static int NumberOf(ReadOnlySpan<byte> events, int index) =>
        (int)BitConverter.ToInt64(events[((index * EventBytes) + _dataOffset)..]);

    /// <returns>Octets received; 0 at the end of the stream; -1 when there are none now.</returns>
    public static int Receive(int socket, Span<byte> to)
    {
        var count = (int)recv(socket, ref to[0], (nuint)to.Length, DontWait);
        return count < 0 && Marshal.GetLastPInvokeError() is WouldBlock or Interrupted ? -1 : Check(count, "recv");
    }

    /// <summary>Sends all of it: a request is far smaller than a socket's buffer.</summary>
    public static void Send(int socket, ReadOnlySpan<byte> bytes)
    {
        var sent = Check((int)send(socket, in bytes[0], (nuint)bytes.Length, NoSignal), "send");
        if (sent != bytes.Length)
        {
            throw new IOException("A request did not fit into the socket's buffer.");
        }
    }

    [LibraryImport("libc")]
    public static partial int close(int file);

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int set, int operation, int file, ref byte item);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int set, ref byte events, int count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int file, ref byte buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int file, in byte buffer, nuint length, int flags);
}
