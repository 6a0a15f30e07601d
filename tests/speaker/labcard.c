/* A sound card for tests, as a plug-in of alsa-lib. It plays at the pace of the monotonic clock into
 * a raw file, runs dry like a real one, and is unplugged as long as a certain file exists.
 *
 *   cc -O2 -shared -fPIC -DPIC -o libasound_module_pcm_labcard.so labcard.c -lasound
 */
#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <fcntl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct card {
    snd_pcm_ioplug_t io;
    int file, timer, running;
    struct timespec started;
    snd_pcm_uframes_t before; /* frames played before the last start */
    snd_pcm_uframes_t written;
    size_t frame_bytes;
    char *unplug;
};

static int gone(const struct card *card) {
    return card->unplug && access(card->unplug, F_OK) == 0;
}

static snd_pcm_uframes_t played(const struct card *card) {
    struct timespec now;
    if (!card->running)
        return card->before;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double since = (now.tv_sec - card->started.tv_sec) + (now.tv_nsec - card->started.tv_nsec) / 1e9;
    return card->before + (snd_pcm_uframes_t)(since * card->io.rate);
}

static void tick(struct card *card, long first, long every) {
    struct itimerspec times = {{every / 1000000000, every % 1000000000},
                               {first / 1000000000, first % 1000000000}};
    timerfd_settime(card->timer, 0, &times, NULL);
}

static int lab_start(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    if (gone(card))
        return -ENODEV;
    clock_gettime(CLOCK_MONOTONIC, &card->started);
    card->running = 1;
    long period = (long)(1e9 * io->period_size / io->rate);
    tick(card, period, period);
    return 0;
}

static int lab_stop(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    card->before = played(card);
    card->running = 0;
    tick(card, 0, 0);
    return 0;
}

static int lab_prepare(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    card->running = 0;
    card->before = card->written = 0;
    card->frame_bytes = snd_pcm_format_physical_width(io->format) / 8 * io->channels;
    tick(card, 1, 0);
    return gone(card) ? -ENODEV : 0;
}

static snd_pcm_sframes_t lab_pointer(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    if (gone(card))
        return -ENODEV;
    snd_pcm_uframes_t at = played(card);
    if (card->running && at > card->written) {
        if (io->state != SND_PCM_STATE_DRAINING)
            return -EPIPE;
        at = card->written;
    }
    return at % io->buffer_size;
}

static snd_pcm_sframes_t lab_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                      snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
    struct card *card = io->private_data;
    if (gone(card))
        return -ENODEV;
    const char *from = (const char *)areas->addr + (areas->first + areas->step * offset) / 8;
    if (write(card->file, from, size * card->frame_bytes) < 0)
        return -errno;
    card->written += size;
    return size;
}

static int lab_revents(snd_pcm_ioplug_t *io, struct pollfd *pfd, unsigned count,
                       unsigned short *events) {
    struct card *card = io->private_data;
    unsigned long long expired;
    (void)count;
    *events = 0;
    if (gone(card)) {
        *events = POLLERR;
        return 0;
    }
    if (!(pfd[0].revents & POLLIN))
        return 0;
    if (card->running && read(card->timer, &expired, sizeof expired) < 0)
        return 0;
    snd_pcm_sframes_t room = snd_pcm_avail_update(io->pcm);
    if (room < 0)
        *events = POLLERR | POLLOUT;
    else if (room >= (snd_pcm_sframes_t)io->period_size)
        *events = POLLOUT;
    return 0;
}

static int lab_close(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    close(card->file);
    close(card->timer);
    free(card->unplug);
    free(card);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = lab_start,
    .stop = lab_stop,
    .prepare = lab_prepare,
    .pointer = lab_pointer,
    .transfer = lab_transfer,
    .poll_revents = lab_revents,
    .close = lab_close,
};

static int limits(snd_pcm_ioplug_t *io, long rate, long channels) {
    unsigned access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
    unsigned format[] = {SND_PCM_FORMAT_S16_LE};
    int result = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
    result |= snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
    result |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, channels, channels);
    result |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, rate, rate);
    result |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 128, 1 << 16);
    return result | snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 64);
}

SND_PCM_PLUGIN_DEFINE_FUNC(labcard) {
    const char *file = NULL, *unplug = NULL;
    long rate = 48000, channels = 1;
    snd_config_iterator_t entry, next;
    snd_config_for_each(entry, next, conf) {
        snd_config_t *node = snd_config_iterator_entry(entry);
        const char *id;
        if (snd_config_get_id(node, &id) < 0 || !strcmp(id, "type"))
            continue;
        if (!strcmp(id, "file"))
            snd_config_get_string(node, &file);
        else if (!strcmp(id, "unplug"))
            snd_config_get_string(node, &unplug);
        else if (!strcmp(id, "rate"))
            snd_config_get_integer(node, &rate);
        else if (!strcmp(id, "channels"))
            snd_config_get_integer(node, &channels);
        else
            return -EINVAL;
    }
    if (!file || stream != SND_PCM_STREAM_PLAYBACK)
        return -EINVAL;
    if (unplug && access(unplug, F_OK) == 0)
        return -ENODEV;
    struct card *card = calloc(1, sizeof *card);
    if (!card)
        return -ENOMEM;
    card->unplug = unplug ? strdup(unplug) : NULL;
    card->file = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    card->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    card->io.version = SND_PCM_IOPLUG_VERSION;
    card->io.name = "lab card";
    card->io.callback = &callbacks;
    card->io.private_data = card;
    card->io.poll_fd = card->timer;
    card->io.poll_events = POLLIN;
    int result = snd_pcm_ioplug_create(&card->io, name, stream, mode);
    if (result >= 0)
        result = limits(&card->io, rate, channels);
    if (result < 0)
        return result;
    *pcmp = card->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(labcard);
