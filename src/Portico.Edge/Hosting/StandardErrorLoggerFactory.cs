namespace Portico.Edge.Hosting;

/// <summary>Warnings and errors, one line each, on standard error. There is nothing else to configure, so nothing else is loaded.</summary>
internal sealed class StandardErrorLoggerFactory(TextWriter output) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, output);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The edge logs to standard error only.");

    public void Dispose() { }

    private sealed class Logger(string category, TextWriter output) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var cause = exception is null ? "" : $" ({exception})".ReplaceLineEndings(" ");
            output.WriteLine($"{logLevel} {category}: {formatter(state, exception)}{cause}");
        }
    }
}
