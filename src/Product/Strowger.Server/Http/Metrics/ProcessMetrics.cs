namespace Strowger.Server.Http.Metrics;

/// <summary>The process itself, under the names that Prometheus' own clients use.</summary>
internal static class ProcessMetrics
{
    public static void Write(MetricsSink sink)
    {
        sink.Gauge("process_resident_memory_bytes", "Resident memory.", Environment.WorkingSet);
        sink.Counter("process_cpu_seconds_total", "Processor time, user and system.", Environment.CpuUsage.TotalTime.TotalSeconds);
        sink.Gauge("process_open_fds", "Open file descriptors.", OpenDescriptors());
        sink.Gauge("dotnet_gc_heap_bytes", "Managed memory after the last collection.", GC.GetGCMemoryInfo().HeapSizeBytes);
        sink.Counter("dotnet_gc_allocated_bytes_total", "Managed memory allocated.", GC.GetTotalAllocatedBytes());
        sink.Counter("dotnet_gc_pause_seconds_total", "Time all threads were held by the collector.", GC.GetTotalPauseDuration().TotalSeconds);
        sink.Gauge("dotnet_threadpool_threads", "Threads of the pool.", ThreadPool.ThreadCount);
        sink.Gauge("dotnet_threadpool_queue_length", "Work that waits for a thread of the pool.", ThreadPool.PendingWorkItemCount);
    }

    private static int OpenDescriptors()
    {
        try
        {
            return Directory.GetFileSystemEntries("/proc/self/fd").Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
