using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portico.ControlPlane.State;

internal sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(
    time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
