using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Strowger.Engine;

/// <summary>Checked in release builds too: a broken invariant of state or journal must stop the engine, not spread.</summary>
internal static class Invariant
{
    [StackTraceHidden]
    public static void Holds([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition)
        {
            Break(what);
        }
    }

    [DoesNotReturn]
    [StackTraceHidden]
    private static void Break(string what) => throw new InvalidOperationException("Broken invariant: " + what + ".");
}
