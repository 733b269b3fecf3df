namespace Strowger.Engine;

/// <summary>Number of a job: 1, 2, 3 … in the order of acceptance, never used again.</summary>
public readonly record struct JobId(long Value) : IComparable<JobId>
{
    public bool IsNone => Value == 0;

    public int CompareTo(JobId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static bool operator <(JobId left, JobId right) => left.Value < right.Value;
    public static bool operator >(JobId left, JobId right) => left.Value > right.Value;
    public static bool operator <=(JobId left, JobId right) => left.Value <= right.Value;
    public static bool operator >=(JobId left, JobId right) => left.Value >= right.Value;
}
