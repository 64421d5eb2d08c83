using System.Runtime.InteropServices;

namespace Portico.Engines.Process.Native;

/// <summary>
/// Reports when a process ends, whether it is a child or not, without polling: one thread sleeps in poll(2) with a descriptor
/// per process. If the kernel has no such descriptors, it checks ten times a second.
/// </summary>
internal sealed class ExitWatcher : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private readonly Lock _lock = new();
    private readonly Dictionary<int, TaskCompletionSource> _watched = [];
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly int _wakeRead;
    private readonly int _wakeWrite;
    private bool _disposed;

    public unsafe ExitWatcher(TimeProvider time)
    {
        _time = time;
        var pipe = stackalloc int[2];
        if (Libc.Pipe(pipe, Libc.OpenCloseOnExec) != 0)
            throw new IOException($"Cannot open a pipe: {Marshal.GetLastPInvokeErrorMessage()}.");
        (_wakeRead, _wakeWrite) = (pipe[0], pipe[1]);
        _thread = new Thread(Run) { IsBackground = true, Name = "process exits" };
        _thread.Start();
    }

    /// <summary>Completes when the process has ended, immediately if it already has. It never completes if the watcher is disposed first.</summary>
    public Task ExitedAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        var descriptor = Libc.OpenProcess(process.Pid);
        // Only now is it certain that the descriptor belongs to this process: a live process keeps its id.
        if (!process.IsAlive())
        {
            if (descriptor >= 0)
                _ = Libc.Close(descriptor);
            return Task.CompletedTask;
        }
        if (descriptor < 0)
            return PollAsync(process, cancellationToken);

        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_disposed)
                _ = Libc.Close(descriptor);
            else
                _watched.Add(descriptor, exited);
        }
        Wake();
        return exited.Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        Wake();
        _thread.Join();
        _ = Libc.Close(_wakeRead);
        _ = Libc.Close(_wakeWrite);
    }

    private async Task PollAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        while (process.IsAlive())
            await Task.Delay(PollInterval, _time, cancellationToken);
    }

    private unsafe void Run()
    {
        while (true)
        {
            Libc.PollDescriptor[] descriptors;
            lock (_lock)
            {
                if (_disposed)
                {
                    foreach (var descriptor in _watched.Keys)
                        _ = Libc.Close(descriptor);
                    return;
                }
                descriptors = [.. _watched.Keys.Prepend(_wakeRead).Select(d => new Libc.PollDescriptor { Descriptor = d, Events = Libc.PollIn })];
            }
            fixed (Libc.PollDescriptor* first = descriptors)
                _ = Libc.Poll(first, (ulong)descriptors.Length, -1);
            foreach (var descriptor in descriptors.Where(d => d.Returned != 0))
                Report(descriptor.Descriptor);
        }
    }

    private unsafe void Report(int descriptor)
    {
        if (descriptor == _wakeRead)
        {
            var discarded = stackalloc byte[64];
            _ = Libc.Read(_wakeRead, discarded, 64);
            return;
        }
        TaskCompletionSource? exited;
        lock (_lock)
            _watched.Remove(descriptor, out exited);
        _ = Libc.Close(descriptor);
        exited?.SetResult();
    }

    private unsafe void Wake()
    {
        byte any = 1;
        _ = Libc.Write(_wakeWrite, &any, 1);
    }
}
