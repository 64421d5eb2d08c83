namespace Portico.Edge.Hosting;

/// <summary>Writes the edge's own messages, and warnings and errors of the framework, to standard error, one line each.</summary>
internal sealed class StandardErrorLoggerFactory(TextWriter output) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, output);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The edge logs only to standard error.");

    public void Dispose() { }

    private sealed class Logger(string category, TextWriter output) : ILogger
    {
        private readonly LogLevel _least = category.StartsWith("Portico.", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= _least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var cause = exception is null ? "" : $" ({exception})".ReplaceLineEndings(" ");
            try
            {
                output.WriteLine($"{logLevel} {category}: {formatter(state, exception)}{cause}");
            }
            catch (IOException)
            {
                // A full disk costs lines of the log. It must not end the loop that reports it.
            }
        }
    }
}
