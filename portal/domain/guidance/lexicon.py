"""Words of Indonesian and English that searching needs: what says nothing, what means the same, roots."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that tell no text from another.
STOP = _set(
    """
    yang dan di ke dari untuk dengan pada dalam itu ini ada adalah atau juga saya aku kami kita anda kamu
    dia mereka nya saja aja sih dong deh kok kan ya yah nih tuh lah pun apa apakah siapa bagaimana gimana
    kenapa mengapa mana tidak bukan belum jangan tak tanpa sudah telah akan bisa dapat boleh harus mau
    ingin masih lagi sangat sekali banget terlalu agak lebih paling kurang hanya cuma saat ketika waktu
    kalau jika bila maka agar supaya karena sebab oleh sebagai seperti secara tentang terhadap antara
    setelah sesudah sebelum sejak hingga sampai tetapi tapi namun serta lalu kemudian jadi menjadi
    tersebut begitu begini hal para per tiap setiap semua seluruh banyak sedikit beberapa satu dua tiga
    punya milik tolong mohon halo hai pak bu kak min gan sis terima kasih makasih selamat pagi siang sore
    malam pas baru terus malah padahal kayak sama soalnya kepada biar mulai cara buat barang produk the a
    an and or of to in on at is are was were be been it its this that these those i you we they he she my
    your our their me us them do does did done not no yes can could will would should may might must have
    has had how what when where which who why if then than so but for from with without by as about into
    over under out up down off again very too just only also there here please hi hello thanks thank any
    some all more most much many am im ive dont doesnt isnt cant wont get gets got still
    """
)

# Short forms and slips of the keyboard, as people write them on phones.
_SHORT = """
    gak=tidak ga=tidak gk=tidak ngga=tidak nggak=tidak enggak=tidak tdk=tidak ndak=tidak g=tidak
    yg=yang dgn=dengan dg=dengan krn=karena karna=karena utk=untuk sy=saya sdh=sudah udah=sudah
    udh=sudah blm=belum bgt=banget jg=juga klo=kalau kalo=kalau kl=kalau gmn=bagaimana
    gmana=bagaimana brp=berapa bs=bisa tp=tapi dr=dari dlm=dalam pd=pada sm=sama trs=terus
    trus=terus bln=bulan thn=tahun hr=hari mnt=menit hp=ponsel handphone=ponsel brg=barang
    brng=barang nyampe=sampai idup=hidup tivi=tv televisi=tv garasi=garansi garanci=garansi
    granasi=garansi kulkass=kulkas bener=benar pake=pakai make=pakai pecahh=pecah dateng=datang
    ilang=hilang kirm=kirim muter=putar kebuka=buka ketutup=tutup ongkirnya=ongkir
"""
PLAIN = dict(pair.split("=") for pair in _SHORT.split())

# Several words that name one thing.
PHRASES = {
    "lemari es": "kulkas", "air conditioner": "ac", "air conditioning": "ac", "pendingin ruangan": "ac",
    "mesin cuci": "mesincuci", "washing machine": "mesincuci", "rice cooker": "penanaknasi",
    "penanak nasi": "penanaknasi", "kipas angin": "kipas", "pemanas air": "pemanasair",
    "water heater": "pemanasair", "lemari pakaian": "lemari", "meja makan": "mejamakan",
    "dining table": "mejamakan", "kue kering": "kuekering", "biji kopi": "kopi", "coffee beans": "kopi",
    "makanan beku": "beku", "frozen food": "beku", "spare part": "sukucadang", "spare parts": "sukucadang",
    "suku cadang": "sukucadang", "uang kembali": "refund", "kembali uang": "refund", "money back": "refund",
    "pengembalian dana": "refund", "kartu garansi": "kartugaransi", "warranty card": "kartugaransi",
    "jam buka": "jambuka", "opening hours": "jambuka", "data pribadi": "datapribadi",
    "personal data": "datapribadi", "mati lampu": "listrikpadam", "mati listrik": "listrikpadam",
    "listrik padam": "listrikpadam", "power cut": "listrikpadam", "nomor seri": "serial",
    "serial number": "serial", "kode qr": "qr", "qr code": "qr",
}  # fmt: skip

# One root stands for each line, in both languages.
SAME = """
    kulkas fridge refrigerator freezer
    mesincuci washer
    tv television televisions
    ac aircon
    blender juicer
    ponsel phone smartphone handset
    kipas fan
    kasur matras mattress spring-bed
    lemari wardrobe cupboard
    kursi chair
    dipan ranjang bed
    sepatu shoe sandal
    tas bag
    jaket jacket
    gaun dress
    kue cake
    kopi coffee
    beku frozen
    nota struk bon receipt invoice kuitansi
    garansi warranty guarantee jaminan
    klaim claim
    servis service reparasi perbaik repair benerin
    ganti tukar exchange swap replace replacement
    kembali retur return refund
    kirim antar deliver delivery shipping pengiriman
    kurir courier ekspedisi
    paket parcel package
    rusak broken cacat defect faulty
    pecah retak crack cracked shattered
    dingin cold cool adem sejuk
    panas hot heat
    bocor leak rembes tetes menetes drip
    bunyi suara noise noisy berisik sound bising
    gambar picture screen layar display
    nyala hidup turn power
    mati dead
    getar goyang shake shaking wobble vibrate
    putar spin rotate
    air water
    listrik electricity power-supply
    steker colokan plug kabel-daya
    bersih clean cleaning cuci wash
    bau smell odour smelly
    jamur mould mold
    basi spoiled stale tengik
    luntur fade fading
    jahit seam stitch sewing
    ritsleting resleting zip zipper
    kancing button
    ukur size sizing
    warna colour color
    noda stain
    simpan store storage
    bayar pay payment
    harga price biaya cost ongkos tarif
    uang money
    cicil installment instalment kredit
    poin point points
    sandi password
    masuk login signin sign-in
    akun account
    alamat address
    jadwal schedule slot
    teknisi technician
    pasang install installation instalasi rakit assemble assembly
    toko shop
    cabang outlet branch
    remote remot
    wifi internet wi-fi
    baterai battery batere
    saring filter saringan
    daftar register registration registrasi
    bukti proof
    hilang lost missing raib
    kurang incomplete
    telat terlambat late delay lambat
    hapus erase delete
    panduan manual guide petunjuk
    kode code
    pintu door
    es ice
    selang hose pipa pipe
    busa foam
    kulit leather
    kayu wood jati teak mahoni
    batik
    gosong burnt terbakar hangus burning
    asap smoke
    kembung swollen gembung
    rumah home house
    batal cancel
    bayi baby
    pesan order pemesanan
    libur holiday lebaran
"""

# Roots by which a word with its prefixes and suffixes is recognised.
ROOTS = _set(
    """
    nyala mati hidup dingin panas bunyi putar getar goyang bocor tetes rembes bau bakar gosong hangus asap
    rusak pecah retak patah lepas longgar kendur macet seret kering basah lembap jamur karat kotor bersih
    cuci bilas lap gosok sikat rendam jemur setrika simpan angkat pindah geser pasang copot buka tutup
    kunci tekan tarik dorong putus sambung hubung colok cabut isi kosong penuh buang kuras saring ganti
    tukar kembali kirim antar terima ambil bawa jemput datang tiba sampai tunggu batal ubah tambah kurang
    pilih pesan beli bayar cicil harga biaya gratis garansi klaim servis rawat periksa cek uji ukur
    timbang hitung catat tulis baca cetak foto rekam unggah unduh masuk keluar daftar hapus bantu tanya
    jawab lapor keluh tolak setuju banding tanggal hari bulan tahun jam menit minggu lama cepat lambat
    telat awal akhir mulai habis berlaku sisa panjang pendek besar kecil tebal tipis berat ringan keras
    lunak lembut kasar halus rata miring tegak tinggi rendah kanan kiri depan belakang atas bawah dalam
    luar listrik kabel steker sakelar tegang arus stabil daya air es angin gas udara selang pipa pompa
    keran katup tangki tabung filter kompresor motor remote layar gambar suara warna sinyal kamera baterai
    adaptor tombol papan kaki roda engsel laci pintu rel baut sekrup kayu besi kaca kain kulit busa pegas
    jahit benang kancing kelim potong permak kecilkan luntur susut noda robek sobek rasa asin manis asam
    basi segel kemas kotak dus bungkus beku cair lumer hancur remuk makan minum kue kopi bakso sambal toko
    cabang gudang kurir teknisi petugas pelanggan nama nomor alamat telepon data pribadi akun sandi kode
    nota struk kartu hadiah poin promo diskon voucher libur layan jadwal kunjung rakit tangan rumah bayi
    anak aman bahaya setrum sengat korslet luka sakit nasi masak goreng rebus kukus giling blender kipas
    sofa kursi meja kasur dipan lemari sepatu tas jaket gaun batik kebaya selendang tumbler laptop ponsel
    kulkas update perbarui atur setel reset ulang coba tes nonaktif aktif muncul tampil kedip garis bercak
    gelap terang redup buram baik betul salah keliru cocok pas sesuai beda sama lindung tanggung syarat
    ketentuan hak wajib salin setop henti lanjut jelas kerja fungsi pakai guna tahan
    """
)

# Words by which a question asks until when, how far something is, and about one's own.
UNTIL = _set(
    """
    sampai kapan sisa berlaku masih habis tanggal berapa lama berakhir until when long left valid expire
    expires end ends remaining still
    """
)
STATUS = _set(
    """
    status perkembangan progres progress mana bagaimana gimana kapan selesai jadi beres done ready where
    """
)
MINE = _set("saya aku ku my mine punyaku milik gue")
