namespace Strowger.Engine;

/// <summary>Who goes first. Urgent owns the last slots of a stage's width; the others keep a small share, so none starves.</summary>
public enum Lane : byte
{
    Urgent = 0,
    Normal = 1,
    Bulk = 2,
}
