using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Portico.RenderApi.Tests.Server;

/// <summary>What the server logs as an error: the reason behind a 5xx, which it keeps from its clients.</summary>
internal sealed class ErrorLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _errors = new();

    /// <summary>The errors that mention this, as the id of a response.</summary>
    public string About(string text) => string.Join("\n", _errors.Where(error => error.Contains(text, StringComparison.Ordinal)));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            _errors.Enqueue($"{formatter(state, exception)}\n{exception}");
    }

    public void Dispose()
    {
    }
}
